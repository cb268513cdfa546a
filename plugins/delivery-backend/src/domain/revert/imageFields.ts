import { isMap, isScalar, isSeq, Node, parseAllDocuments } from 'yaml';

/** What manifests ask for, by where it stands; several where that is repeated. */
export type ImageFields = ReadonlyMap<string, readonly string[]>;

/**
 * Keys that say which image is wanted: of containers and Helm values (`image`,
 * `tag`, `digest`) and of the `images` of a kustomization.
 */
const KEYS = new Set(['image', 'newName', 'newTag', 'tag', 'digest']);

/** Files larger than this are not looked into, in bytes. */
const LARGEST = 512 * 1024;

/** Whether a file may hold such fields. */
export function mayAskForImages(path: string): boolean {
  return /\.ya?ml$|(^|\/)Kustomization$/.test(path);
}

/**
 * Which images a YAML file asks for. An entry of a list is told by its `name`, so
 * that it is the same one wherever it stands. `undefined` when the file cannot be
 * read, as the templates of a chart cannot.
 */
export function imageFields(content: Buffer): ImageFields | undefined {
  if (content.length > LARGEST) {
    return undefined;
  }
  const documents = parseAllDocuments(content.toString('utf8'), {
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const fields = new Map<string, string[]>();
  if (!Array.isArray(documents)) {
    return fields;
  }
  for (const document of documents) {
    if (document.errors.length > 0) {
      return undefined;
    }
    collect(document.contents, [], fields);
  }
  return fields;
}

function collect(
  node: unknown,
  path: string[],
  into: Map<string, string[]>,
): void {
  if (isSeq<Node>(node)) {
    for (const item of node.items) {
      const name = isMap(item) ? item.get('name') : undefined;
      collect(
        item,
        [...path, `[${typeof name === 'string' ? name : ''}]`],
        into,
      );
    }
    return;
  }
  if (!isMap(node)) {
    return;
  }
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (KEYS.has(name) && isScalar(value)) {
      const place = JSON.stringify([...path, name]);
      // As it is written: a tag `1.10` is no number.
      const text = value.source ?? String(value.value);
      into.set(place, [...(into.get(place) ?? []), text]);
    } else {
      collect(value, [...path, name], into);
    }
  }
}

/** What a file asked for in three states, `undefined` where it is not there. */
export type ThreeContents = {
  base: Buffer | undefined;
  theirs: Buffer | undefined;
  merged: Buffer | undefined;
};

/** Whether two states of a file ask for the same images; `undefined`: unreadable. */
export function askForSameImages(
  a: Buffer | undefined,
  b: Buffer | undefined,
): boolean | undefined {
  const [fieldsA, fieldsB] = [a, b].map(side =>
    side ? imageFields(side) : new Map<string, string[]>(),
  );
  if (!fieldsA || !fieldsB) {
    return undefined;
  }
  const places = [...new Set([...fieldsA.keys(), ...fieldsB.keys()])];
  return places.every(
    place => fieldsA.get(place)?.join() === fieldsB.get(place)?.join(),
  );
}

/**
 * Whether a merged file still asks for an image that was to be taken back. Lines
 * can merge without a conflict and mean something else: with a second entry for
 * the same image, say, the release that was taken back goes on to be asked for.
 */
export function stillAsksForTaken(contents: ThreeContents): boolean {
  const { base, theirs, merged } = contents;
  if (!base || !merged) {
    return false;
  }
  const before = imageFields(base);
  const now = imageFields(merged);
  const wanted = theirs ? imageFields(theirs) : new Map<string, string[]>();
  if (!before || !wanted) {
    return false;
  }
  if (!now) {
    // It could be read before the merge, and cannot be after it.
    return true;
  }
  return [...before].some(([place, values]) => {
    const taken = values.filter(
      value => !(wanted.get(place) ?? []).includes(value),
    );
    return taken.some(value => now.get(place)?.includes(value));
  });
}
