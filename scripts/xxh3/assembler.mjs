/** Value types by their codes. */
export const type = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b };

const voidType = 0x40;
const end = 0x0b;

function unsigned(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}

function signed(value) {
  const bytes = [];
  for (let rest = value; ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if (rest === (low & 0x40 ? -1n : 0n)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

export const get = (local) => [0x20, ...unsigned(local)];
export const set = (local, value) => [...value, 0x21, ...unsigned(local)];
export const call = (index, ...args) => [...args.flat(), 0x10, ...unsigned(index)];

export const when = (condition, then) => [...condition, 0x04, voidType, ...then, end];
/** Runs the body, and again as long as the condition holds after it. */
export const repeat = (body, condition) => [
  ...[0x03, voidType, ...body, ...condition],
  ...[0x0d, 0, end],
];
export const leave = [0x0f];

const binary =
  (...opcode) =>
  (left, right) => [...left, ...right, ...opcode];
const unary =
  (...opcode) =>
  (value) => [...value, ...opcode];
/** Addresses need not be aligned. */
const load =
  (...opcode) =>
  (address, offset) => [...address, ...opcode, 0, ...unsigned(offset)];
const store =
  (...opcode) =>
  (address, offset, value) => [...address, ...value, ...opcode, 0, ...unsigned(offset)];

export const i32 = {
  const: (value) => [0x41, ...signed(BigInt(value))],
  load8: load(0x2d),
  load32: load(0x28),
  gt: binary(0x4b),
  lt: binary(0x49),
  add: binary(0x6a),
  sub: binary(0x6b),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shr: binary(0x76),
};

export const i64 = {
  const: (value) => [0x42, ...signed(BigInt.asIntN(64, value))],
  load: load(0x29),
  load32: load(0x35),
  store: store(0x37),
  add: binary(0x7c),
  mul: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shr: binary(0x88),
  rotl: binary(0x89),
  ofI32: unary(0xad),
  ofF64: unary(0xb1),
};

export const f64 = { ofI32: unary(0xb8) };

const simd = (opcode) => [0xfd, ...unsigned(opcode)];

export const v128 = {
  load: load(...simd(0)),
  store: store(...simd(11)),
  xor: binary(...simd(81)),
  splat: unary(...simd(18)),
  /** The bytes of a value in another order. */
  shuffle: (value, order) => [...value, ...value, ...simd(13), ...order],
  shr: binary(...simd(205)),
  add: binary(...simd(206)),
  mul: binary(...simd(213)),
  /** Products of the low two 32-bit numbers of each. */
  mulLow32: binary(...simd(222)),
  /** The first of both numbers. */
  first: unary(...simd(29), 0),
};

const section = (id, content) => [id, ...unsigned(content.length), ...content];
const vector = (items) => [...unsigned(items.length), ...items.flat()];
const sized = (content) => [...unsigned(content.length), ...content];

/** A module that exports its functions by their names, and its `memory` of so many 64 KiB pages. */
export function wasmModule(functions, { pages, data }) {
  const text = (name) => sized([...Buffer.from(name)]);
  const types = functions.map(({ params }) => [0x60, ...vector(params.map((each) => [each])), 0]);
  const exported = functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]);
  const bodies = functions.map(({ locals, body }) =>
    sized([...vector(locals.map((each) => [1, each])), ...body, end]),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(5, vector([[1, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(7, vector([...exported, [...text('memory'), 2, 0]])),
    ...section(10, vector(bodies)),
    ...section(11, vector([[0, ...i32.const(data.offset), end, ...sized([...data.bytes])]])),
  ]);
}
