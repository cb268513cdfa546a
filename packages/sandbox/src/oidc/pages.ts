import type { Group, Person } from '../model';

/** A page and the policy that lets a browser show it and nothing else. */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** Colours with a contrast of at least 4.5 to 1 on both grounds. */
const style = `
:root {
  --ground: #f4f6f8; --card: #ffffff; --text: #14202b; --quiet: #4c5a67;
  --line: #c9d2da; --accent: #0b5d66; --on-accent: #ffffff; --tint: #e3f1f2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10161c; --card: #18212a; --text: #e8eef3; --quiet: #a9b6c2;
    --line: #33414e; --accent: #6fd0d8; --on-accent: #08262a; --tint: #16343a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
}
main { max-width: 62rem; margin: 0 auto; padding: clamp(1rem, 5vw, 4rem) 1rem; }
.brand { margin: 0; color: var(--accent); font-weight: 650; letter-spacing: .02em; }
h1 { margin: .25rem 0 .5rem; font-size: clamp(1.75rem, 5vw, 2.5rem); line-height: 1.15; }
.lead { max-width: 38rem; margin: 0 0 1.75rem; color: var(--quiet); }
ul {
  display: grid; gap: .75rem; margin: 0; padding: 0; list-style: none;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr));
}
li { display: flex; }
li button {
  display: flex; gap: 1rem; width: 100%; padding: 1rem; text-align: start;
  font: inherit; color: inherit; cursor: pointer; background: var(--card);
  border: 1px solid var(--line); border-radius: .75rem;
}
li button:hover { border-color: var(--accent); background: var(--tint); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.initials {
  flex: none; display: grid; place-items: center; width: 2.75rem; height: 2.75rem;
  border-radius: 50%; background: var(--accent); color: var(--on-accent); font-weight: 650;
}
.who { display: grid; min-width: 0; overflow-wrap: anywhere; }
.name { font-weight: 650; font-size: 1.0625rem; }
.role { color: var(--accent); font-weight: 550; }
.summary { margin-top: .25rem; }
.group { color: var(--quiet); font-size: .875rem; }
.cancel { margin: 1.5rem 0 0; }
.cancel button {
  padding: .5rem 0; border: 0; background: none; font: inherit;
  color: var(--accent); text-decoration: underline; cursor: pointer;
}
`;

/**
 * The sign-in page: everybody who can sign in, with their role in words. Each
 * is a button of one form, so it works with the keyboard, with a screen reader
 * and without scripts.
 */
export function signInPage(options: {
  personas: readonly Person[];
  groups: readonly Group[];
  /** Path that the form is sent to. */
  action: string;
  /** Value of the style's nonce; new for every answer. */
  nonce: string;
}): Page {
  const { personas, groups, action, nonce } = options;
  const titles = new Map(groups.map(group => [group.name, group.title]));
  const people = personas
    .map(person => {
      const membership = person.groups
        .map(group => titles.get(group) ?? group)
        .join(', ');
      const about = [membership, person.email].filter(Boolean).join(' · ');
      return `<li>
  <button name="account" value="${escape(person.name)}">
    <span class="initials" aria-hidden="true">${escape(initials(person))}</span>
    <span class="who">
      <span class="name">${escape(person.displayName)}</span>
      <span class="role">${escape(person.persona?.title ?? '')}</span>
      <span class="summary">${escape(person.persona?.summary ?? '')}</span>
      <span class="group">${escape(about)}</span>
    </span>
  </button>
</li>`;
    })
    .join('\n');
  return page({
    nonce,
    title: 'Who are you?',
    body: `<p class="lead">This is the sandbox, so nobody needs a password. Choose a person: what you see and may do in the portal follows from their groups.</p>
<form method="post" action="${escape(action)}">
<ul>
${people}
</ul>
<p class="cancel"><button name="cancel" value="yes">Back to the portal without signing in</button></p>
</form>`,
  });
}

/** A page that says what went wrong and what to do. */
export function problemPage(options: {
  title: string;
  message: string;
  nonce: string;
}): Page {
  return page({
    nonce: options.nonce,
    title: options.title,
    body: `<p class="lead">${escape(options.message)}</p>`,
  });
}

function page(options: { title: string; body: string; nonce: string }): Page {
  const { title, body, nonce } = options;
  return {
    // No form-action: browsers apply it to the redirect after the form too,
    // and that one leads back to the portal.
    contentSecurityPolicy: `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)} · Slipway sandbox</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main>
<p class="brand">Slipway sandbox</p>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`,
  };
}

function initials(person: Person): string {
  return person.displayName
    .split(' ')
    .map(part => part.charAt(0))
    .join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
