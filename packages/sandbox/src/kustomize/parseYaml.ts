import { isAlias, isScalar, parseAllDocuments, Scalar, visit } from 'yaml';
import { UnsupportedKustomizationError } from './errors';
import { Json } from './objects';
import { readPlainYaml } from './readPlainYaml';
import { rememberLast } from './rememberLast';

/** Words that are strings in YAML 1.2 and booleans in YAML 1.1. */
const OLD_BOOLEAN = /^(?:y|n|yes|no|on|off)$/i;
/** A number with a leading zero: octal in YAML 1.1, decimal in 1.2. */
const OLD_OCTAL = /^[-+]?0[0-7]+$/;
const BAD_OCTAL = /^[-+]?0[0-9]+$/;
const UNDERSCORED = /^[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]+)?$/;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$/;

/** Texts whose documents are kept: what one service and its bases consist of. */
const readPlain = rememberLast({ limit: 100, run: readPlainYaml });

/**
 * Parses every document of a YAML text as the Go tools around Kubernetes do.
 *
 * They read a mixture of YAML 1.1 and 1.2. Where the two differ and the tools
 * differ among themselves (`yes`, dates, `1_000`), plain text is refused: the
 * author quotes it, and nobody guesses. Empty documents are left out.
 *
 * @param options.oldBooleans - `string`: manifests under kustomize keep `yes`
 *   as text; `refuse`: everything else.
 * @throws UnsupportedKustomizationError naming the file.
 */
export function parseYaml(options: {
  text: string;
  file: string;
  oldBooleans: 'string' | 'refuse';
}): Json[] {
  const { text, file, oldBooleans } = options;
  const plain = readPlain(text);
  if (plain) return plain;
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    merge: true,
  });
  const values: Json[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error) {
      throw new UnsupportedKustomizationError({
        file,
        reason: `is not valid YAML: ${error.message.split('\n')[0]}`,
      });
    }
    visit(document, {
      Scalar(key, node) {
        settleScalar({ node, file, oldBooleans, isKey: key === 'key' });
      },
      Pair(_, pair) {
        if (!isScalar(pair.key) && !isAlias(pair.key)) {
          throw new UnsupportedKustomizationError({
            file,
            reason: 'a key that is not a text is not supported',
          });
        }
      },
    });
    const value = document.toJS({ maxAliasCount: 1000 }) as Json | undefined;
    if (value !== null && value !== undefined) values.push(value);
  }
  return values;
}

function settleScalar(options: {
  node: Scalar;
  file: string;
  oldBooleans: 'string' | 'refuse';
  isKey: boolean;
}): void {
  const { node, file, oldBooleans, isKey } = options;
  if (node.type !== Scalar.PLAIN) return;
  const source = node.source ?? '';
  if (OLD_OCTAL.test(source) && source.length > 1) {
    const sign = source.startsWith('-') ? -1 : 1;
    node.value = sign * parseInt(source.replace(/^[-+]/, ''), 8);
    return;
  }
  const ambiguous =
    (OLD_BOOLEAN.test(source) && (isKey || oldBooleans === 'refuse')) ||
    BAD_OCTAL.test(source) ||
    UNDERSCORED.test(source) ||
    DATE.test(source);
  if (ambiguous) {
    throw new UnsupportedKustomizationError({
      file,
      reason: `the plain text ${source} means different things to different YAML readers; put it in quotes`,
    });
  }
}
