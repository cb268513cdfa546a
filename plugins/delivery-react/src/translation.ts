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
    error: {
      sessionEndedTitle: 'Your session has ended.',
      sessionEndedDetail: 'Sign in again to go on; you come back to this page.',
      noAnswerTitle: 'The delivery backend does not answer.',
      noAnswerDetail:
        'What runs keeps running: neither Argo CD nor your services depend on this portal.',
      entityNotFoundTitle: 'This service is not in the catalog.',
      entityNotFoundDetail: 'It was removed or renamed, or you may not see it.',
      readNotAllowedTitle: 'You may not see these deployments.',
      readNotAllowedDetail:
        'Ask the owner of the service or the platform team.',
      activityNotAllowedTitle: 'You may not read this activity.',
      activityNotAllowedDetail:
        'Ask the owner of the service or the platform team.',
      badRequestTitle: 'The portal did not understand its own page.',
      badRequestDetail:
        'Nothing was done. Load the page again; if that does not help, tell the platform team.',
      notReadyTitle: 'The delivery backend is starting.',
      notReadyDetail: 'Nothing was done. It answers within a few seconds.',
      actionNotAllowedTitle: 'You may not do this here.',
      actionNotAllowedDetail:
        'Nothing was done. Ask the owner of the service or the platform team.',
      deploymentNotFoundTitle: 'It no longer runs there.',
      deploymentNotFoundDetail:
        'Nothing was done. The application was removed, or it no longer belongs to this service.',
      actionNotFoundTitle: 'There is no such action.',
      actionNotFoundDetail: 'It may be too old to be kept.',
      unboundTitle: 'The platform does not say that this application is yours.',
      unboundDetail:
        'Nothing was done. The Deployments tab says what to ask the platform for.',
      readOnlyTitle: 'The portal may only look there.',
      readOnlyDetail:
        'Nothing was done: no credential for acting is configured for this Argo CD.',
      stateChangedTitle: 'It is no longer as you saw it.',
      stateChangedDetail:
        'Nothing was done. Look at what changed, then decide again.',
      operationInProgressTitle: 'Another operation is under way.',
      operationInProgressDetail:
        'Nothing was done. Wait until it is over, or end it.',
      noOperationTitle: 'No operation is under way any more.',
      noOperationDetail: 'There is nothing to end.',
      syncWindowClosedTitle: 'A sync window forbids it now.',
      syncWindowClosedDetail: 'Nothing was done.',
      nothingToRevertTitle: 'There is nothing to put back.',
      nothingToRevertDetail:
        'No earlier release is known here, or it cannot be put back by a change in git.',
      revertConflictTitle: 'Git has moved on in the same lines.',
      revertConflictDetail:
        'Nothing was done. A person has to decide in the GitOps repository.',
      upstreamRefusedTitle: 'It is not allowed to the portal.',
      upstreamRefusedDetail:
        'Nothing was done. The portal’s own account lacks the right; the platform team can give it.',
      upstreamUnavailableTitle: 'The other side does not answer.',
      upstreamUnavailableDetail:
        'Argo CD or the GitOps repository cannot be asked now. Try again in a minute.',
    },
  },
});
