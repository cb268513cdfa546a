import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * Every text of the shared components.
 *
 * @public
 */
export const deliveryReactTranslationRef = createTranslationRef({
  id: 'plugin.delivery-react',
  messages: {
    status: {
      healthy: 'Healthy',
      progressing: 'Progressing',
      waiting: 'Waiting',
      degraded: 'Degraded',
      unknown: 'Unknown',
      stale: '{{status}}, last known',
      unbound: '{{status}}, unbound',
    },
    time: {
      now: 'just now',
      unknownTime: 'at an unknown time',
      minutes: '{{n}} min ago',
      hours: '{{n}} h ago',
      days: '{{n}} d ago',
      months: '{{n}} months ago',
      years: '{{n}} y ago',
      ageNow: 'less than 1 min',
      ageMinutes: '{{n}} min',
      ageHours: '{{n}} h',
      ageDays: '{{n}} d',
      ageMonths: '{{n}} months',
      ageYears: '{{n}} y',
    },
    observation: {
      stale: '{{age}} old: {{reason}}',
      staleNoReason: '{{age}} old',
      unknown: 'Not known: {{reason}}',
      unknownNoReason: 'Not known: it was never seen',
    },
    release: {
      image: 'Image',
      digest: 'Digest',
      commit: 'Commit',
      openCommit: 'Release {{label}}: open commit {{sha}}',
    },
    upstream: {
      down: '{{title}} has not answered since {{since}}.',
      downReason: '{{title}} has not answered since {{since}}: {{reason}}.',
      refused: '{{title}} has refused the credential since {{since}}.',
      refusedReason:
        '{{title}} has refused the credential since {{since}}: {{reason}}.',
      connecting: '{{title}} is being reached, since {{since}}.',
      connectingReason:
        '{{title}} is being reached, since {{since}}: {{reason}}.',
      lastContact: 'What you see of it is as of {{at}}.',
      neverContacted: 'Nothing of it has been seen yet.',
      restWorks: 'Everything else is current.',
    },
    copy: {
      action: 'Copy',
      label: 'Copy {{what}}',
      done: 'Copied',
      failed: 'Copying is not allowed here: select the text instead',
    },
  },
});
