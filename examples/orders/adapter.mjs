import { OrderError, total } from "./client.mjs";
export const call = ({ method, url, path, body }) => total(method, url + path, body);
export const refuses = (error) => error instanceof OrderError;
