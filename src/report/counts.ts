/** `1 run`, `12,345 runs`. */
export function counted(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : nouns(noun)}`;
}

/** A number with its thousands grouped. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function nouns(noun: string): string {
  return /(s|x)$/.test(noun) ? 'es' : 's';
}
