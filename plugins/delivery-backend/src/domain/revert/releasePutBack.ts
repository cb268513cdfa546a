import { Release } from '@slipway/plugin-delivery-common';
import { imageFields } from './imageFields';

/**
 * The tag and digest that a file asks for again when it is put back, where it
 * changes those of one image only. Of old deployments Argo CD's history knows
 * nothing but the commit, and people know their releases by tag.
 */
export function releasePutBack(files: {
  /** The file with the release that is taken back. */
  base: Buffer | undefined;
  /** The file with the release that is put back. */
  theirs: Buffer | undefined;
}): Pick<Release, 'tag' | 'digest'> | undefined {
  const [base, theirs] = [files.base, files.theirs].map(
    side => side && imageFields(side),
  );
  if (!base || !theirs) {
    return undefined;
  }
  const found: { tag?: string; digest?: string } = {};
  const owners = new Set<string>();
  for (const [place, values] of theirs) {
    const before = base.get(place);
    if (before?.join() === values.join()) {
      continue;
    }
    const path: unknown = JSON.parse(place);
    if (!before || !Array.isArray(path) || values.length !== 1) {
      return undefined;
    }
    owners.add(JSON.stringify(path.slice(0, -1)));
    switch (path.at(-1)) {
      case 'newTag':
      case 'tag':
        [found.tag] = values;
        break;
      case 'digest':
        [found.digest] = values;
        break;
      default:
        // A whole reference, or another image: no tag alone would tell it.
        return undefined;
    }
  }
  return owners.size === 1 && (found.tag || found.digest) ? found : undefined;
}
