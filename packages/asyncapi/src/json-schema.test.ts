import { expect, test } from "vitest";
import { placedAt } from "./json-schema.js";

const pointer = "#/components/schemas/a";

test("references lead to where the schema stands now, and its own name is gone", () => {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "a",
    anyOf: [{ $ref: "#" }, { $ref: "#/definitions/b" }, { $ref: "http://elsewhere.example/#/c" }],
  };
  expect(placedAt(pointer, schema)).toEqual({
    anyOf: [
      { $ref: pointer },
      { $ref: `${pointer}/definitions/b` },
      { $ref: "http://elsewhere.example/#/c" },
    ],
  });
});

test("data is left as it is, and so are properties that are called as keywords are", () => {
  const schema = {
    default: { $ref: "#" },
    enum: [{ $ref: "#" }],
    properties: { $ref: { $ref: "#" }, default: { $ref: "#" }, const: { const: { $ref: "#" } } },
    additionalProperties: false,
    definitions: null,
  };
  expect(placedAt(pointer, schema)).toEqual({
    ...schema,
    properties: { $ref: { $ref: pointer }, default: { $ref: pointer }, const: { const: { $ref: "#" } } },
  });
});
