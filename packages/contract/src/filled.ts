/**
 * The topics that match a pattern: `Filled<"price/<slug:symbol>">` is `` `price/${string}` ``, and `Filled<"<int:n>">` is ``
 * `${number}` ``.
 */
export type Filled<Pattern extends string> = Pattern extends `${infer Before}<${infer Param}>${infer After}`
  ? `${Before}${Param extends `int:${string}` ? number : string}${Filled<After>}`
  : Pattern;
