import { InputError, NotFoundError } from '@backstage/errors';
import { z } from 'zod';
import { parseAllDocuments } from 'yaml';
import { CATALOG_REPOSITORY } from '../content';
import { findPerson } from '../model';
import { changeFile, gitUndo, revertFile } from './gitChange';
import { defineScenario } from './types';

/** File of the catalog repository that says who is in which group. */
const USERS_FILE = 'organization/users.yaml';

/** Somebody changes teams. */
export const groupsChanged = defineScenario({
  name: 'groups-changed',
  title: 'Somebody leaves a group',
  description:
    'The catalog takes a person out of a group. Look at what they may do: it follows as soon as the portal has read the catalog again, at the latest when they sign in the next time.',
  parameters: z.strictObject({
    person: z
      .string()
      .default('marco.silva')
      .describe('Name of the person in the catalog'),
    group: z
      .string()
      .default('operations')
      .describe('Name of the group that they leave'),
  }),
  undo: gitUndo,
  run: async ({ context, parameters: { person: name, group } }) => {
    const { model } = context;
    const person = findPerson(model, name);
    const { undo } = await changeFile({
      context,
      repository: CATALOG_REPOSITORY,
      path: USERS_FILE,
      author: findPerson(model, 'aiko.tanaka'),
      title: `Take ${person.displayName} out of ${group}`,
      change: before => leave({ users: before, name, group }),
    });
    return {
      message: `${person.displayName} is no longer in ${group}.`,
      undo,
    };
  },
  restore: revertFile,
});

function leave(options: {
  users: string;
  name: string;
  group: string;
}): string {
  const { users, name, group } = options;
  const documents = parseAllDocuments(users);
  const user = documents.find(
    document => document.getIn(['metadata', 'name']) === name,
  );
  const groups: unknown = user?.toJS().spec.memberOf;
  if (!user || !Array.isArray(groups)) {
    throw new NotFoundError(`field 'person': '${name}' is not in the catalog`);
  }
  if (!groups.includes(group)) {
    throw new InputError(
      `field 'group': '${name}' is not in '${group}', but in ${groups.join(
        ', ',
      )}`,
    );
  }
  user.setIn(
    ['spec', 'memberOf'],
    user.createNode(groups.filter(other => other !== group)),
  );
  return documents
    .map(document =>
      document.toString({ lineWidth: 0, directives: false }).trimStart(),
    )
    .join('---\n');
}

/** The provider no longer knows somebody who is signed in. */
export const sessionEnded = defineScenario({
  name: 'session-ended',
  title: 'A session ends at the provider',
  description:
    'The OpenID provider forgets that a person is signed in, with all of their tokens. Look at the portal as that person: it works until their token has to be renewed, or until the page is loaded again, and then says that the session has ended and how to sign in.',
  parameters: z.strictObject({
    person: z
      .string()
      .default('tomas.okafor')
      .describe('Name of the person in the catalog'),
  }),
  // Nobody can give a session back: the person signs in again.
  undo: z.object({}),
  run: async ({ context, parameters: { person: name } }) => {
    const person = findPerson(context.model, name);
    if (!context.oidc) {
      throw new InputError('This sandbox runs without an OpenID provider');
    }
    const count = await context.oidc.endSessions(name);
    return {
      message:
        count === 0
          ? `${person.displayName} was not signed in.`
          : `${person.displayName} is no longer signed in at the provider.`,
    };
  },
  restore: async () => {},
});
