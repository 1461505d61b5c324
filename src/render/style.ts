/** What a piece of text means; the style decides how that looks. Colour never carries meaning alone. */
export type Tone =
  | 'plain'
  | 'strong'
  | 'dim'
  | 'heading'
  | 'name'
  | 'number'
  | 'text'
  | 'enum'
  | 'ok'
  | 'warn'
  | 'bad'
  | 'secret'
  | 'band0'
  | 'band1'
  | 'band2'
  | 'band3'
  | 'band4'
  | 'band5';

/** Dresses `text` for one tone. Must not change what remains when escape sequences are removed. */
export type Style = (tone: Tone, text: string) => string;

/** The style without any escape sequence, for pipes, files and `NO_COLOR`. */
export const plainStyle: Style = (_tone, text) => text;

/** Select Graphic Rendition codes: start and end. Only the 16 colours every theme defines. */
const codes: { readonly [T in Tone]: readonly [string, string] | undefined } = {
  plain: undefined,
  strong: ['1', '22'],
  dim: ['2', '22'],
  heading: ['1;4', '22;24'],
  name: ['36', '39'],
  number: ['33', '39'],
  text: ['32', '39'],
  enum: ['35', '39'],
  ok: ['32', '39'],
  warn: ['33', '39'],
  bad: ['1;31', '22;39'],
  secret: ['2;31', '22;39'],
  band0: ['36', '39'],
  band1: ['33', '39'],
  band2: ['35', '39'],
  band3: ['32', '39'],
  band4: ['34', '39'],
  band5: ['31', '39'],
};

/** The style for a colour terminal. */
export const ansiStyle: Style = (tone, text) => {
  const code = codes[tone];
  if (code === undefined || text === '') return text;
  return `\u001b[${code[0]}m${text}\u001b[${code[1]}m`;
};

/** The style for a switch that is on or off. */
export function styleFor(color: boolean): Style {
  return color ? ansiStyle : plainStyle;
}
