import type { StandardSchemaV1 } from "@standard-schema/spec";

/** Any validator that speaks Standard Schema: zod, valibot, arktype … */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;

/** What goes into a schema. */
export type InferInput<S extends Schema> = StandardSchemaV1.InferInput<S>;

/** What comes out of a schema. */
export type InferOutput<S extends Schema> = StandardSchemaV1.InferOutput<S>;

/** What goes into a schema; `undefined` where there is none. */
export type In<S> = S extends Schema ? StandardSchemaV1.InferInput<S> : undefined;

/** What comes out of a schema; `undefined` where there is none. */
export type Out<S> = S extends Schema ? StandardSchemaV1.InferOutput<S> : undefined;
