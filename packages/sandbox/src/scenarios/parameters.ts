import { z } from 'zod';

/** Parameters that several scenarios share. */
export const parameters = {
  service: (name: string) =>
    z.string().default(name).describe('Name of the service'),
  environment: z
    .enum(['development', 'staging', 'production', 'recovery'])
    .describe('Environment of the service'),
  application: (name: string) =>
    z
      .string()
      .default(name)
      .describe('Name of the Argo CD application, <service>-<environment>'),
  instance: z
    .enum(['microservices', 'n9'])
    .default('microservices')
    .describe('Which Argo CD'),
  seconds: (seconds: number) =>
    z
      .number()
      .min(0)
      .max(86_400)
      .default(seconds)
      .describe(
        'Simulated seconds until it ends by itself; 0: until the scenario restore',
      ),
};
