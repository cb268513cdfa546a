import { letOthersHaveTheirTurn } from './turns';

function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    // Uses up time, as work does.
  }
}

describe('long work that lets others have their turn', () => {
  it('is interrupted by timers', async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks++;
    }, 1);
    for (let step = 0; step < 20; step++) {
      busy(5);
      await letOthersHaveTheirTurn();
    }
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it('takes turns with other long work, one in each round of the event loop', async () => {
    let round = 0;
    let over = false;
    const rounds: number[] = [];
    const count = () => {
      round++;
      if (!over) {
        setImmediate(count);
      }
    };
    setImmediate(count);
    await Promise.all(
      [1, 2, 3].map(async () => {
        for (let step = 0; step < 4; step++) {
          busy(11);
          await letOthersHaveTheirTurn();
          rounds.push(round);
        }
      }),
    );
    over = true;
    expect(rounds).toHaveLength(12);
    expect(new Set(rounds).size).toBe(12);
  });
});
