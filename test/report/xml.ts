/** An element of an XML document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const TOKEN = /<\?xml[^>]*\?>|<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#10': '\n' };

/** Reads XML of elements, attributes and text. Throws for whatever is not well formed. */
export function parseXml(text: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`no XML at ${text.slice(at, at + 40)}`);
    const [, closes, name, attributes, empty, content] = match;
    const inside = open.at(-1)!;
    if (content !== undefined) inside.text += unescaped(content);
    else if (closes === '/') {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes <${inside.name}>`);
    } else if (name !== undefined) {
      const pairs = [...attributes!.matchAll(/([\w:-]+)="([^"]*)"/g)];
      const element: Element = {
        name,
        attributes: Object.fromEntries(pairs.map(([, key, value]) => [key, unescaped(value!)])),
        children: [],
        text: '',
      };
      inside.children.push(element);
      if (empty === '') open.push(element);
    }
  }
  if (open.length > 1 || root.children.length !== 1) throw new Error('not one closed element');
  return root.children[0]!;
}

function unescaped(text: string): string {
  return text.replace(/&([^;\s]*;?)/g, (all, name: string) => {
    const stands = ENTITIES[name.replace(/;$/, '')];
    if (stands === undefined || !name.endsWith(';')) throw new Error(`bare ${all}`);
    return stands;
  });
}
