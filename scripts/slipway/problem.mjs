/**
 * Something that the person at the keyboard can mend: shown as one sentence and
 * its fix, without a stack trace.
 */
export class Problem extends Error {
  /**
   * @param {string} message what is wrong, as a sentence
   * @param {string} [fix] what to do about it, as a sentence
   * @param {number} [exitCode] not 0
   */
  constructor(message, fix, exitCode = 1) {
    super(message);
    this.name = 'Problem';
    this.fix = fix;
    this.exitCode = exitCode;
  }
}
