import { useCallback, useEffect, useState } from 'react';
import {
  configApiRef,
  useAnalytics,
  useApi,
} from '@backstage/frontend-plugin-api';
import { SignInPageProps } from '@backstage/plugin-app-react';
import { Button } from '@backstage/ui';
import { Mark } from '../../nav/Mark';
import { mayPass, readProblem, SessionProblem } from '../domain/sessionProblem';
import { problemWords } from '../domain/problemWords';
import { oidcAuthApiRef } from '../oidcAuthApi';
import { PortalIdentity } from '../session/PortalIdentity';
import { portalSessionApiRef } from '../session/PortalSession';
import { forgetSignOut, signedOutAt } from '../session/signOutNews';
import { takeErrorFromAddress } from './takeErrorFromAddress';
import styles from './SignInPage.module.css';

type State =
  | { kind: 'looking' }
  | { kind: 'leaving' }
  | { kind: 'welcome' }
  | { kind: 'problem'; problem: SessionProblem };

/**
 * What somebody sees who has no session: how to get one, and why there is none
 * if that is not plain.
 */
export function SignInPage(props: SignInPageProps) {
  const { onSignInSuccess } = props;
  const authApi = useApi(oidcAuthApiRef);
  const session = useApi(portalSessionApiRef);
  const title = useApi(configApiRef).getOptionalString('app.title') ?? 'Portal';
  const analytics = useAnalytics();
  const [state, setState] = useState<State>({ kind: 'looking' });

  const signIn = useCallback(
    async (options: { optional: true } | { instantPopup: true }) => {
      const response = await authApi.getBackstageIdentity(options);
      if (!response) {
        return false;
      }
      const profile = await authApi.getProfile({ optional: true });
      forgetSignOut();
      onSignInSuccess(
        new PortalIdentity({
          authApi,
          identity: response.identity,
          profile: profile ?? {},
        }),
      );
      analytics.captureEvent('signIn', 'success');
      return true;
    },
    [authApi, analytics, onSignInSuccess],
  );

  useEffect(() => {
    let isCurrent = true;
    async function look() {
      const error = takeErrorFromAddress();
      if (error !== undefined) {
        setState({ kind: 'problem', problem: readProblem(error) });
        return;
      }
      const found = await signIn({ optional: true });
      if (!found && isCurrent) {
        const isPlain =
          session.problem.code === 'signed-out' && signedOutAt() === undefined;
        setState(
          isPlain
            ? { kind: 'welcome' }
            : { kind: 'problem', problem: session.problem },
        );
      }
    }
    look();
    return () => {
      isCurrent = false;
    };
  }, [signIn, session]);

  async function press() {
    setState({ kind: 'leaving' });
    try {
      // A session may be alive behind a provider that was away for a moment.
      const isBack =
        state.kind === 'problem' &&
        mayPass(state.problem) &&
        (await signIn({ optional: true }));
      if (!isBack && !(await signIn({ instantPopup: true }))) {
        setState({ kind: 'problem', problem: { code: 'failed' } });
      }
    } catch {
      setState({ kind: 'problem', problem: session.problem });
    }
  }

  return (
    <main className={styles.page}>
      <p className={styles.brand}>
        <Mark size={36} />
        {title}
      </p>
      <SignInCard state={state} title={title} onPress={press} />
    </main>
  );
}

function SignInCard(props: {
  state: State;
  title: string;
  onPress: () => void;
}) {
  const { state, title, onPress } = props;
  switch (state.kind) {
    case 'looking':
      return (
        <p role="status" className={styles.waiting}>
          Looking for your session…
        </p>
      );
    case 'leaving':
      return (
        <p role="status" className={styles.waiting}>
          Taking you to the identity provider…
        </p>
      );
    case 'welcome':
      return (
        <section className={styles.card}>
          <h1>Sign in to {title}</h1>
          <p>
            See what runs where. Use the account of your organization; you come
            back to the page that you asked for.
          </p>
          <Button variant="primary" onPress={onPress}>
            Sign in
          </Button>
        </section>
      );
    case 'problem': {
      const words = problemWords(state.problem);
      return (
        <section className={styles.card} role="alert">
          <h1>{words.title}</h1>
          <p>{words.text}</p>
          {words.remedies.length > 0 && (
            <ul>
              {words.remedies.map(remedy => (
                <li key={remedy}>{remedy}</li>
              ))}
            </ul>
          )}
          <Button variant="primary" onPress={onPress}>
            {words.action}
          </Button>
        </section>
      );
    }
    default:
      throw new Error(`No card for ${state satisfies never}`);
  }
}
