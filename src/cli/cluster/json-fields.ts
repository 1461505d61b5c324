import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../cluster/index.js';

/** Reads the answers of a cluster's control socket; what has another type counts as absent. */
export class JsonFields {
  readonly object: JsonObject;

  constructor(value: Json | undefined) {
    this.object = isJsonObject(value) ? value : {};
  }

  text(name: string): string | undefined {
    const value = this.object[name];
    return typeof value === 'string' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.object[name];
    return typeof value === 'number' ? value : undefined;
  }

  isTrue(name: string): boolean {
    return this.object[name] === true;
  }

  list(name: string): readonly Json[] {
    const value = this.object[name];
    return isJsonList(value) ? value : [];
  }

  texts(name: string): readonly string[] {
    return this.list(name).filter((each) => typeof each === 'string');
  }

  fields(name: string): JsonFields {
    return new JsonFields(this.object[name]);
  }

  fieldsList(name: string): readonly JsonFields[] {
    return this.list(name).map((each) => new JsonFields(each));
  }
}

/** The same with keys as they are written in results. */
export function snakeCased(value: Json): Json {
  if (isJsonList(value)) return value.map(snakeCased);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key.includes('.') ? key : key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCased(each),
    ]),
  );
}
