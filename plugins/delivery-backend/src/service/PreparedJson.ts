import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** How an answer can be compressed, the better way first. */
export const COMPRESSIONS = ['br', 'gzip'] as const;

/** One of {@link COMPRESSIONS}, as `Content-Encoding` names it. */
export type Compression = (typeof COMPRESSIONS)[number];

/** Shorter answers go out as they are: they fit into a packet anyway. */
const WORTH_COMPRESSING = 1_024;

const compressWith = {
  br: promisify<string, object, Buffer>(brotliCompress),
  gzip: promisify<string, object, Buffer>(gzip),
};

/** What Backstage's own compression uses: of Brotli, level 4 of 11. */
const OPTIONS = {
  br: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  gzip: {},
};

/**
 * A JSON answer that goes out to many. It is compressed once and not once a
 * caller: to compress a window on the fleet takes longer than to answer it.
 */
export class PreparedJson {
  readonly text: string;
  readonly #compressed = new Map<Compression, Promise<Buffer>>();

  constructor(text: string) {
    this.text = text;
  }

  get isWorthCompressing(): boolean {
    return this.text.length >= WORTH_COMPRESSING;
  }

  compressed(compression: Compression): Promise<Buffer> {
    let compressed = this.#compressed.get(compression);
    if (!compressed) {
      compressed = compressWith[compression](this.text, OPTIONS[compression]);
      this.#compressed.set(compression, compressed);
    }
    return compressed;
  }
}
