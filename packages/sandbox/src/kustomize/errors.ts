import { CustomErrorBase } from '@backstage/errors';

/**
 * A manifest source that cannot be rendered: the file is missing or broken, or
 * it uses something that this renderer does not do exactly as kustomize does.
 * Guessing would show a version that nobody deployed, so it never guesses.
 */
export class UnsupportedKustomizationError extends CustomErrorBase {
  name = 'UnsupportedKustomizationError' as const;
  /** Path from the root of the repository. */
  readonly file: string;
  /** The field at fault, in dots (`images.0.newTag`); absent for a whole file. */
  readonly field: string | undefined;

  constructor(options: { file: string; field?: string; reason: string }) {
    const where = options.field
      ? `${options.file}: field "${options.field}"`
      : options.file;
    super(`${where}: ${options.reason}`);
    this.file = options.file;
    this.field = options.field;
  }
}
