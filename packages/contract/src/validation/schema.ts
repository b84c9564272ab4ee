import type { StandardSchemaV1 } from "@standard-schema/spec";

/** Any validator that implements Standard Schema: zod, valibot, arktype … */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;

/** The input type of a schema. */
export type InferInput<S extends Schema> = StandardSchemaV1.InferInput<S>;

/** The output type of a schema. */
export type InferOutput<S extends Schema> = StandardSchemaV1.InferOutput<S>;

/** The input type of a schema; `undefined` where there is no schema. */
export type In<S> = S extends Schema ? StandardSchemaV1.InferInput<S> : undefined;

/** The output type of a schema; `undefined` where there is no schema. */
export type Out<S> = S extends Schema ? StandardSchemaV1.InferOutput<S> : undefined;
