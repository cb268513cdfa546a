/** What stands in the message of a revert's commit. */
export type RevertMessage = {
  subject: string;
  /** Paragraphs below the subject. */
  body: string[];
  /** Ref of the person who asked. */
  requestedBy: string;
  /** In the person's own words; may be anything. */
  reason: string;
  actionId: string;
};

const ACTION_TRAILER = 'Slipway-Action';

/** Columns of a line in a commit's message. */
const WIDTH = 72;

/** Longest subject that tools show whole. */
const LONGEST_SUBJECT = 120;

/**
 * Writes the message of a revert's commit, with trailers that tell who asked for
 * it, why, and by which action.
 *
 * What people write cannot become another trailer or paragraph: it is brought
 * into one line, and the lines that this is folded into begin with a space, as
 * Git's own folding does.
 */
export function writeMessage(message: RevertMessage): string {
  const { subject, body, requestedBy, reason, actionId } = message;
  const trailers = [
    trailer('Requested-by', requestedBy),
    trailer('Reason', reason),
    trailer(ACTION_TRAILER, actionId),
  ];
  return `${[
    oneLine(subject).slice(0, LONGEST_SUBJECT),
    ...body.map(paragraph => fold(oneLine(paragraph), '')),
    trailers.join('\n'),
  ].join('\n\n')}\n`;
}

/** Id of the action that a commit was made by; only the trailers count. */
export function actionOfMessage(message: string): string | undefined {
  const paragraphs = message.trimEnd().split(/\n\s*\n/);
  const lines = paragraphs[paragraphs.length - 1].split('\n');
  const prefix = `${ACTION_TRAILER}: `;
  const [own, ...others] = lines.filter(line => line.startsWith(prefix));
  return paragraphs.length > 1 && others.length === 0
    ? own?.slice(prefix.length).trim()
    : undefined;
}

function trailer(name: string, value: string): string {
  return fold(`${name}: ${oneLine(value)}`, ' ');
}

/** Without line breaks of any script, and without what terminals act upon. */
function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cf}]/gu, '')
    .trim();
}

/** Breaks a line at spaces; every line but the first begins with the indent. */
function fold(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > WIDTH && line !== '') {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join('\n');
}
