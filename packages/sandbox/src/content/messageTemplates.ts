import type { Service } from '../model';
import { commonLabels } from './names';
import { yaml } from './yaml';
import type { FileTree } from './yaml';

/** Name of the ConfigMap that a service mounts from its second source. */
export function messagesName(service: { name: string }): string {
  return `${service.name}-messages`;
}

/**
 * The repository of texts that a service takes in as the second source of its
 * applications: plain manifests without a namespace, the same everywhere.
 */
export function messageTemplates(
  service: Service & Required<Pick<Service, 'additions'>>,
): FileTree {
  const { path } = service.additions;
  return new Map([
    [
      'README.md',
      `# Messages to customers

Texts that \`${service.name}\` sends. They change without a release: every application of
the service has \`${path}\` as its second source, so a push to \`main\` reaches all environments
that are synced by Argo CD itself.
`,
    ],
    [
      `${path}/messages.yaml`,
      yaml({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: messagesName(service),
          labels: commonLabels(service),
        },
        data: {
          'order-confirmed.txt': 'Thank you. We have your order {{order}}.\n',
          'order-shipped.txt': 'Your order {{order}} is on its way.\n',
          'sign-in-code.txt':
            'Your code is {{code}}. It is good for 10 minutes.\n',
        },
      }),
    ],
  ]);
}
