import {
  AuthService,
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ActionPlan,
  ActionRequest,
  DeploymentAction,
  DeploymentActionKind,
} from '@slipway/plugin-delivery-common';
import { Request } from 'express';
import { DateTime } from 'luxon';
import { DeliveryAccess } from '../access/DeliveryAccess';
import { ActivityLog } from '../activity/ActivityLog';
import { notPermitted } from '../domain/actions/availability';
import { toDeploymentAction } from '../domain/actions/progress';
import { formatTime } from '../domain/times';
import { saidOptions } from './activityOf';
import { CommitPerson } from '../gitops/RevertWriter';
import { ReadModel } from '../readModel/ReadModel';
import {
  actionNotFound,
  entityNotFound,
  notReady,
  refused,
} from '../service/errors';
import { ActionService, ActionSubject } from './ActionService';

/** Credentials of a person: nobody else may act. */
export type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

/** The options of {@link AuthorizedActions}. */
export type AuthorizedActionsOptions = {
  service: ActionService;
  access: DeliveryAccess;
  activity: ActivityLog;
  readModel: ReadModel;
  catalog: CatalogService;
  auth: AuthService;
};

/**
 * Who may do what. The catalog decides with the caller's own credentials whether
 * the service is there at all; then the permission for this service in this
 * environment; only then anything is said of where it runs.
 */
export class AuthorizedActions {
  readonly #options: AuthorizedActionsOptions;

  static create(options: AuthorizedActionsOptions): AuthorizedActions {
    return new AuthorizedActions(options);
  }

  private constructor(options: AuthorizedActionsOptions) {
    this.#options = options;
  }

  /**
   * @throws NotFoundError when the caller cannot see the service or it has no such
   * deployment, NotAllowedError when they may not do this or it is unbound.
   */
  async plan(
    options: ActionSubject & {
      action: DeploymentActionKind;
      credentials: UserCredentials;
      signal?: AbortSignal;
    },
  ): Promise<ActionPlan> {
    await this.#visible(options);
    if (!(await this.#options.access.mayAct(options))) {
      throw refused(notPermitted(options.action));
    }
    return this.#options.service.plan({ ...options, now: now() });
  }

  /**
   * Takes an action on.
   *
   * @throws as {@link AuthorizedActions.plan}; and ConflictError when the state
   * does not allow it. Each refusal is in the audit.
   */
  async request(
    options: Pick<ActionSubject, 'entityRef' | 'environment'> & {
      action: DeploymentActionKind;
      request: ActionRequest;
      credentials: UserCredentials;
      httpRequest?: Request;
    },
  ): Promise<{ action: DeploymentAction; isNew: boolean }> {
    const { action, entityRef, environment, request, credentials } = options;
    const { access, activity, service } = this.#options;
    await this.#visible(options);
    const at = now();
    if (!(await access.mayAct(options))) {
      const refusal = notPermitted(action);
      const error = refused(refusal);
      await activity.refuse(
        error,
        {
          at,
          action,
          ...saidOptions(request.options),
          entityRef,
          environment,
          actor: { ref: credentials.principal.userEntityRef, kind: 'user' },
          reason: request.reason,
          result: refusal.reason,
          code: refusal.code,
        },
        options.httpRequest && { request: options.httpRequest },
      );
      throw error;
    }
    return service.request({
      action,
      entityRef,
      environment,
      ...(request.target !== undefined && { target: request.target }),
      request,
      person: await this.#personOf(credentials),
      ...(options.httpRequest && { httpRequest: options.httpRequest }),
      now: at,
    });
  }

  /**
   * How far an action has got: for whoever asked for it, and whoever may read the
   * audit of the service there.
   *
   * @throws NotFoundError to everybody else.
   */
  async find(options: {
    entityRef: string;
    id: string;
    credentials: UserCredentials;
  }): Promise<DeploymentAction> {
    const { entityRef, id, credentials } = options;
    await this.#visible(options);
    const record = await this.#options.service.find(id);
    if (record?.entityRef !== entityRef) {
      throw actionNotFound(id);
    }
    const isOwn = record.requestedBy === credentials.principal.userEntityRef;
    const rights = await this.#options.access.rightsOf({
      credentials,
      entityRef,
      environments: [record.environment],
    });
    const maySee =
      rights.mayRead(record.environment) &&
      (isOwn || rights.mayReadActivity(record.environment));
    if (!maySee) {
      throw actionNotFound(id);
    }
    return toDeploymentAction(record);
  }

  async #visible(options: {
    entityRef: string;
    credentials: UserCredentials;
  }): Promise<void> {
    const { entityRef, credentials } = options;
    const { catalog, readModel } = this.#options;
    if (!readModel.ready) {
      throw notReady();
    }
    if (!(await catalog.getEntityByRef(entityRef, { credentials }))) {
      throw entityNotFound(entityRef);
    }
  }

  /**
   * Who the commit of a revert is made for. The portal reads the name with its own
   * credentials: not everybody may see people in the catalog, themselves included.
   */
  async #personOf(credentials: UserCredentials): Promise<CommitPerson> {
    const { auth, catalog } = this.#options;
    const entityRef = credentials.principal.userEntityRef;
    const entity = await catalog.getEntityByRef(entityRef, {
      credentials: await auth.getOwnServiceCredentials(),
    });
    const profile = entity?.spec?.profile;
    const text = (name: string) => {
      const value =
        typeof profile === 'object' && !Array.isArray(profile)
          ? profile?.[name]
          : undefined;
      return typeof value === 'string' && value.trim() !== ''
        ? value.trim()
        : undefined;
    };
    const email = text('email');
    return {
      entityRef,
      name: text('displayName') ?? parseEntityRef(entityRef).name,
      ...(email !== undefined && { email }),
    };
  }
}

function now(): string {
  return formatTime(DateTime.utc());
}
