import { serverErrorByCode } from '../wire/index.js';

/** True when a server can answer with this code. */
export function isKnownError(code: number): boolean {
  return serverErrorByCode(code) !== undefined;
}

/**
 * The name of a server error as people write it, such as `TopicNameNotFound`; `ok` for 0 and
 * `unknown error 4099` for numbers without a meaning.
 */
export function errorName(code: number): string {
  if (code === 0) return 'ok';
  const name = serverErrorByCode(code)?.name;
  if (name === undefined) return `unknown error ${code}`;
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
