import { parseArgs } from 'node:util';
import { Problem } from './problem.mjs';

/**
 * Reads the options of a command, with words for what is wrong with them.
 *
 * @template {import('node:util').ParseArgsConfig['options']} T
 * @param {string[]} args
 * @param {T} options
 * @param {{ command: string, positionals?: boolean }} about
 */
export function readOptions(args, options, about) {
  try {
    return parseArgs({
      args,
      options,
      allowPositionals: about.positionals ?? false,
      strict: true,
    });
  } catch (error) {
    throw new Problem(
      `${/** @type {Error} */ (error).message.split('. ')[0]}.`,
      `./slipway help lists the options of '${about.command}'.`,
      2,
    );
  }
}

/**
 * @param {string | undefined} value
 * @param {{ option: string, min: number, max: number, fallback: number }} about
 */
export function wholeNumber(value, { option, min, max, fallback }) {
  if (value === undefined) {
    return fallback;
  }
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new Problem(
      `${option} is '${value}', which is not a whole number from ${min} to ${max}.`,
      `Give one, such as ${option} ${fallback}.`,
      2,
    );
  }
  return number;
}

/**
 * @param {string | undefined} value
 * @param {{ option: string, min: number, max: number, fallback: number }} about
 */
export function decimalNumber(value, { option, min, max, fallback }) {
  if (value === undefined) {
    return fallback;
  }
  const number = Number(value);
  if (
    value.trim() === '' ||
    !Number.isFinite(number) ||
    number < min ||
    number > max
  ) {
    throw new Problem(
      `${option} is '${value}', which is not a number from ${min} to ${max}.`,
      `Give one, such as ${option} ${fallback}.`,
      2,
    );
  }
  return number;
}
