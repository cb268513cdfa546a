import { useEffect, useState } from 'react';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Button, Skeleton } from '@backstage/ui';
import { DateTime } from 'luxon';
import { groupChanges, groupsOf } from '../domain/groupChanges';
import { portalSessionApiRef } from '../session/PortalSession';
import { useSignOut } from './useSignOut';
import styles from './YouPage.module.css';

interface You {
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly userEntityRef: string;
  readonly groups: readonly string[];
  readonly readAt: Date | undefined;
}

/**
 * Who the portal thinks one is, and in which groups. What somebody may do
 * follows from them, so a wrong one has to be seen before anything else helps.
 */
export function YouPage() {
  const { you, news, isLooking, lookAgain } = useYou();
  const signOut = useSignOut();
  if (!you) {
    return (
      <div className={styles.page} aria-busy="true">
        <Skeleton width="60%" height={24} />
        <Skeleton width="100%" height={120} />
      </div>
    );
  }
  return (
    <div className={styles.page}>
      <section className={styles.section} aria-labelledby="you-who">
        <h2 id="you-who">{you.name ?? 'You'}</h2>
        <dl className={styles.facts}>
          <dt>E-mail</dt>
          <dd>{you.email ?? 'The identity provider sent none'}</dd>
          <dt>In the catalog</dt>
          <dd>
            <EntityRefLink entityRef={you.userEntityRef} />
          </dd>
        </dl>
      </section>
      <section className={styles.section} aria-labelledby="you-groups">
        <h2 id="you-groups">Your groups</h2>
        <p>
          What you own, and what you may do, follows from these. They come from
          the catalog.
        </p>
        {you.groups.length > 0 ? (
          <ul className={styles.groups}>
            {you.groups.map(ref => (
              <li key={ref}>
                <EntityRefLink entityRef={ref} />
              </li>
            ))}
          </ul>
        ) : (
          <p>You are in no group: you see deployments, and change none.</p>
        )}
        <p>
          {you.readAt &&
            `Read from the catalog at ${DateTime.fromJSDate(
              you.readAt,
            ).toLocaleString(DateTime.TIME_24_WITH_SECONDS)}. `}
          A change in the catalog reaches the portal within the hour, or when
          you look again.
        </p>
        <Button variant="secondary" isDisabled={isLooking} onPress={lookAgain}>
          Look again
        </Button>
        <p role="status" className={styles.news}>
          {news}
        </p>
      </section>
      <section className={styles.section} aria-labelledby="you-session">
        <h2 id="you-session">Your session</h2>
        <p>
          Signing out ends it in every tab of this browser. At the identity
          provider you may stay signed in.
        </p>
        <Button variant="secondary" onPress={signOut}>
          Sign out
        </Button>
      </section>
    </div>
  );
}

function useYou() {
  const identityApi = useApi(identityApiRef);
  const session = useApi(portalSessionApiRef);
  const [you, setYou] = useState<You>();
  const [news, setNews] = useState('');
  const [isLooking, setIsLooking] = useState(false);

  useEffect(() => {
    let isCurrent = true;
    read().then(found => isCurrent && setYou(found));
    return () => {
      isCurrent = false;
    };

    async function read(): Promise<You> {
      const [identity, profile] = await Promise.all([
        identityApi.getBackstageIdentity(),
        identityApi.getProfileInfo(),
      ]);
      return {
        name: profile.displayName,
        email: profile.email,
        userEntityRef: identity.userEntityRef,
        groups: groupsOf(identity.ownershipEntityRefs),
        readAt: session.renewedAt,
      };
    }
  }, [identityApi, session]);

  async function lookAgain() {
    if (!you) {
      return;
    }
    setIsLooking(true);
    setNews('');
    try {
      session.doubt();
      // Not the identity alone: this one says so if there is no session any more.
      await identityApi.getCredentials();
      const { ownershipEntityRefs } = await identityApi.getBackstageIdentity();
      const groups = groupsOf(ownershipEntityRefs);
      setYou({ ...you, groups, readAt: session.renewedAt });
      setNews(newsOf(groupChanges(you.groups, groups)));
    } catch {
      setNews('The groups could not be read; these are the ones of before.');
    } finally {
      setIsLooking(false);
    }
  }

  return { you, news, isLooking, lookAgain };
}

function newsOf(changes: { joined: string[]; left: string[] }): string {
  const { joined, left } = changes;
  const nameOf = (ref: string) => ref.slice(ref.indexOf('/') + 1);
  const sentences = [
    ...joined.map(ref => `You are now in ${nameOf(ref)}.`),
    ...left.map(ref => `You are no longer in ${nameOf(ref)}.`),
  ];
  return sentences.length > 0 ? sentences.join(' ') : 'Nothing has changed.';
}
