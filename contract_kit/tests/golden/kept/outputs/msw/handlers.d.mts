import type { HttpHandler } from "msw";

export const mutants: {
  id: string;
  operation: string;
  expect: "refuse" | "accept" | "either";
  breaks: string;
  control: string;
}[];
export const leftOut: { id: string; reason: string }[];
export function handlers(id: string): HttpHandler[];
