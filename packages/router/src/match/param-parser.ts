import { builtIn, type Converter, read, readInteger } from "@ws/contract/path";

/** The value of the text from `from` up to `to`; `undefined` where the converter does not accept it. */
export type ParamParser = (path: string, from: number, to: number) => unknown;

const readers = new WeakMap<Converter, ParamParser>([[builtIn.int, readInteger]]);

/** Makes the function that parses what `converter` accepts directly from a path. It reads each character once. */
export function paramParserOf(converter: Converter): ParamParser {
  let reader = readers.get(converter);
  if (reader === undefined) {
    const { characters } = converter;
    reader = characters === undefined ? readerOfAny(converter) : readerWithin(converter, characters);
    readers.set(converter, reader);
  }
  return reader;
}

function readerOfAny(converter: Converter): ParamParser {
  return (path, from, to) => (from === to ? undefined : converter.parse(path.slice(from, to)));
}

function readerWithin(converter: Converter, characters: string): ParamParser {
  const allowed = new Uint8Array(128);
  for (const character of characters) {
    const code = character.charCodeAt(0);
    if (code < allowed.length) allowed[code] = 1;
  }
  return (path, from, to) => {
    let at = from;
    while (at < to && allowed[path.charCodeAt(at)] === 1) at += 1;
    const text = path.slice(from, to);
    // The rest contains a character that is not allowed, or not ASCII.
    return at === to && at > from ? converter.parse(text) : read(converter, text);
  };
}
