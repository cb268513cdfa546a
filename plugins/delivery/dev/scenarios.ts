/**
 * The states of the pages that the harness can show. Each has an address:
 * `/?scenario=<name>`, which is remembered until another one is chosen.
 */
export const SCENARIOS = {
  full: 'Two platforms in every state there is; a cell changes now and then',
  large: '5,000 services in 4 environments',
  partial: 'One Argo CD does not answer: its cells are stale',
  down: 'No upstream answers',
  empty: 'Nothing is deployed and no annotation leads anywhere',
  loading: 'No answer comes',
  starting: 'The backend is loading its read model',
  forbidden: 'The viewer may not read deployments',
  unreachable: 'The backend cannot be reached',
  'session-ended': 'The session of the viewer has ended',
  lost: 'The first answers come, the later ones do not',
  'act-running': 'Somebody else’s sync is under way in production',
  'act-unavailable': 'Nothing can be done, and it is said why',
  'act-blocked': 'A sync window is closed: the confirmation says so',
  'act-plan-fails': 'What would happen cannot be said',
  'act-changed': 'The first request finds another state than the one seen',
  'act-not-allowed': 'Requests are refused, and so is the audit',
  'act-lost': 'The answer to the first request is lost, though it arrived',
  'act-silent': 'No request arrives, and no answer comes',
  'act-fails': 'What is asked for fails',
  'act-refused': 'Argo CD refuses what is asked for',
  'act-unknown': 'Nobody can say how what was asked for ended',
} as const;

export type Scenario = keyof typeof SCENARIOS;

const STORED = 'delivery-harness-scenario';

/** The scenario that the address names, else the last one named. */
export function currentScenario(): Scenario {
  const named = new URLSearchParams(window.location.search).get('scenario');
  if (isScenario(named)) {
    window.sessionStorage.setItem(STORED, named);
    return named;
  }
  const stored = window.sessionStorage.getItem(STORED);
  return isScenario(stored) ? stored : 'full';
}

function isScenario(name: string | null): name is Scenario {
  return name !== null && Object.hasOwn(SCENARIOS, name);
}
