/** Paths with names in them, most specific first. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [
    /^(\/api\/v1\/applications\/)[^/]+(\/revisions\/)[^/]+(\/.*)$/,
    '$1{name}$2{revision}$3',
  ],
  [/^(\/api\/v1\/(?:stream\/)?applications\/)[^/]+(\/.*)?$/, '$1{name}$2'],
  [
    /^(\/api\/v1\/projects\/)[^/]+(\/roles\/)[^/]+(\/.*)$/,
    '$1{name}$2{role}$3',
  ],
  [/^(\/api\/v1\/projects\/)[^/]+(\/.*)?$/, '$1{name}$2'],
  [/^(\/api\/v1\/account\/)[^/]+(\/token)$/, '$1{name}$2'],
  [/^(\/api\/v1\/clusters\/).+$/, '$1{id}'],
  [/^(\/api\/v1\/account\/can-i\/).+$/, '$1{resource}/{action}/{subresource}'],
];

/** Method and route of a request, for counting: names become `{name}`. */
export function routeOf(method: string, path: string): string {
  const [pattern, replacement] =
    PATTERNS.find(([expression]) => expression.test(path)) ?? [];
  const route = pattern ? path.replace(pattern, replacement!) : path;
  return `${method} ${route}`;
}
