import { FakeArgoCd } from './FakeArgoCd';
import { FakeUpstream, FakeWorld } from './FakeUpstream';

/** An upstream of one application that can also be acted on. */
export class ActingUpstream extends FakeUpstream {
  readonly commands: FakeArgoCd;
  readonly #world: FakeWorld;

  constructor(argo: FakeArgoCd, world = new FakeWorld()) {
    world.applications = [argo.application];
    super(world);
    this.#world = world;
    this.commands = argo;
  }

  /** Lets the read model know what the application is like by now. */
  show(): void {
    this.#world.change(world => {
      world.applications = [
        this.commands.application,
        ...world.applications.slice(1),
      ];
    });
  }
}
