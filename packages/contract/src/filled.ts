/**
 * The topics that a pattern stands for: `Filled<"price/<slug:symbol>">` is `` `price/${string}` ``, and of `"<int:n>"`
 * `` `${number}` ``.
 */
export type Filled<Pattern extends string> = Pattern extends `${infer Before}<${infer Param}>${infer After}`
  ? `${Before}${Param extends `int:${string}` ? number : string}${Filled<After>}`
  : Pattern;
