import { DEPLOYMENT_STATUSES } from '@slipway/plugin-delivery-common';
import { statusLook } from './statusLook';

describe('statusLook', () => {
  it.each(DEPLOYMENT_STATUSES.map(status => [status]))(
    'shows a never seen %s as unknown, and never as positive',
    status => {
      const look = statusLook({ status, observation: { state: 'unknown' } });
      expect(look).toMatchObject({ status: 'unknown', role: 'neutral' });
    },
  );

  it('keeps the last known state of a stale one, faded', () => {
    expect(
      statusLook({ status: 'degraded', observation: { state: 'stale' } }),
    ).toMatchObject({ status: 'degraded', role: 'negative', faded: true });
  });

  it('moves what is progressing now, but not what was progressing then', () => {
    expect(statusLook({ status: 'progressing' }).moving).toBe(true);
    expect(
      statusLook({ status: 'progressing', observation: { state: 'stale' } })
        .moving,
    ).toBe(false);
  });

  it('outlines what the platform does not confirm', () => {
    expect(statusLook({ status: 'healthy', bound: false }).dashed).toBe(true);
    expect(statusLook({ status: 'healthy' }).dashed).toBe(false);
  });
});
