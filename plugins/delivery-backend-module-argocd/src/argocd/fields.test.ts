import { project } from '../__testUtils__/fields';
import { anApplication } from '../__testUtils__/objects';
import { STREAM_FIELDS } from './fields';

describe('the fields of the stream', () => {
  const streamed = (parts = {}) =>
    project(
      { result: { type: 'MODIFIED', application: anApplication(parts) } },
      STREAM_FIELDS,
    );

  it('leave out what moves without meaning, so that it is no event', () => {
    expect(
      streamed({
        metadata: { resourceVersion: '99', managedFields: [{}] },
        status: {
          reconciledAt: '2030-01-01T00:00:00Z',
          resources: [{ kind: 'Secret' }],
          operationState: { syncResult: { resources: [{ message: 'x' }] } },
        },
        spec: { source: { helm: { values: 'password: 1' } } },
      }),
    ).toEqual(streamed());
  });

  it('A12: keep the leaves of a single source beside those of several', () => {
    expect(streamed()).toMatchObject({
      result: {
        application: {
          spec: { source: { path: 'overlays/production' } },
        },
      },
    });
  });

  it('B2: keep what was sent along with an operation, queued or begun', () => {
    const operation = {
      info: [{ name: 'slipway.dev/action', value: 'action-1' }],
    };
    expect(
      streamed({ operation, status: { operationState: { operation } } }),
    ).toMatchObject({
      result: {
        application: { operation, status: { operationState: { operation } } },
      },
    });
  });

  it('A16: keep errors', () => {
    const frame = { error: { grpc_code: 16, message: 'expired' } };
    expect(project(frame, STREAM_FIELDS)).toEqual(frame);
  });
});
