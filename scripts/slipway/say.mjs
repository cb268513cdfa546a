/**
 * What people read while they wait. Progress goes to stdout; on a terminal the
 * line of a running step is rewritten in place.
 */
const tty = Boolean(process.stdout.isTTY) && !process.env.CI;

/** @param {string} text */
export function say(text = '') {
  process.stdout.write(`${text}\n`);
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return milliseconds < 10_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${Math.round(milliseconds / 1000)} s`;
}

/**
 * Starts a step: shows its title, then how it goes, then how long it took.
 *
 * @param {string} title what is being done, such as "Installing dependencies"
 */
export function step(title) {
  const start = Date.now();
  let shown = '';
  if (tty) {
    process.stdout.write(`  … ${title}`);
  } else {
    say(`  … ${title}`);
  }
  /** @param {string} line */
  function rewrite(line) {
    process.stdout.write(`\r\x1b[2K${line}`);
  }
  return {
    /** @param {string} detail the latest news, one line */
    progress(detail) {
      const width = (process.stdout.columns ?? 80) - title.length - 8;
      const text = detail
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, Math.max(0, width));
      if (tty && text && text !== shown) {
        shown = text;
        rewrite(`  … ${title}: ${text}`);
      }
    },
    /** @param {string} [detail] */
    done(detail) {
      const line = `  ✓ ${title}${detail ? `: ${detail}` : ''} (${seconds(
        Date.now() - start,
      )})`;
      if (tty) {
        rewrite(`${line}\n`);
      } else {
        say(line);
      }
    },
    /** @param {string} [detail] */
    failed(detail) {
      const line = `  ✗ ${title}${detail ? `: ${detail}` : ''} (${seconds(
        Date.now() - start,
      )})`;
      if (tty) {
        rewrite(`${line}\n`);
      } else {
        say(line);
      }
    },
  };
}
