import type { Bar } from "./bar.js";
import type { Stateful } from "./feature.js";

/** Something that several features of a stream read, and that is computed once a bar. */
export interface SharedPart extends Stateful {
  update(bar: Bar): void;
}

/** The parts that the features of one stream have in common, by name. */
export class SharedParts {
  private readonly parts = new Map<string, SharedPart>();

  /** The part of that name; the first who asks makes it. */
  get<Part extends SharedPart>(name: string, create: () => Part): Part {
    const part = this.parts.get(name) ?? create();
    this.parts.set(name, part);
    return part as Part;
  }

  /** Takes the next bar, before the features do. */
  update(bar: Bar): void {
    for (const part of this.parts.values()) part.update(bar);
  }

  save(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries([...this.parts].map(([name, part]) => [name, part.save()]));
  }

  /** Takes over what `save` gave. */
  restore(state: Readonly<Record<string, ArrayLike<number>>>): void {
    for (const [name, part] of this.parts) part.restore(state[name]!);
  }
}
