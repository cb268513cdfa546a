import { useSyncExternalStore } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import { mayPass } from '../domain/sessionProblem';
import { problemWords } from '../domain/problemWords';
import { portalSessionApiRef } from '../session/PortalSession';

/**
 * Says that a session ended in the middle of the work, and brings the person
 * back to it. The page stays behind the dialog with everything in it.
 */
export function SessionDialog() {
  const session = useApi(portalSessionApiRef);
  const interruption = useSyncExternalStore(
    session.subscribe,
    session.interruption,
  );
  if (!interruption) {
    return null;
  }
  const { problem, isBusy } = interruption;
  const words = problemWords(problem);
  return (
    <Dialog
      isOpen
      width={480}
      onOpenChange={isOpen => !isOpen && session.giveUp()}
    >
      <DialogHeader>{words.title}</DialogHeader>
      <DialogBody>
        <p>{words.text}</p>
        {words.remedies.map(remedy => (
          <p key={remedy}>{remedy}</p>
        ))}
        <p>
          This page, and what you typed into it, stays as it is: the identity
          provider opens in a window of its own.
        </p>
      </DialogBody>
      <DialogFooter>
        {problem.code === 'popup-blocked' && (
          <Button
            variant="secondary"
            isDisabled={isBusy}
            onPress={() => session.signInHere()}
          >
            Sign in on this page, and lose what was typed
          </Button>
        )}
        <Button
          variant="primary"
          isDisabled={isBusy}
          onPress={() =>
            mayPass(problem) ? session.tryAgain() : session.signInAgain()
          }
        >
          {mayPass(problem) ? 'Try again' : words.action}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
