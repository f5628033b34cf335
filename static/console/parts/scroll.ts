// Where a thread is scrolled to: at its end it follows what comes, elsewhere
// it stays and counts; each conversation keeps its place.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Closer to the end than this is the end. */
const NEAR = 48;
/** Closer to the start than this, earlier messages are fetched. */
const EARLY = 240;

const places = new Map<number, number>();

interface Shape {
  readonly id: number;
  /** of the first event: changes when earlier ones came */
  readonly first: number;
  readonly messages: number;
  /** of the operator's own, delivered or not */
  readonly own: number;
  /** what the visitor types takes place, too */
  readonly typing: boolean;
}

interface Kept {
  shape: Shape | null;
  height: number;
  atEnd: boolean;
}

export interface Scroll {
  readonly ref: { current: HTMLDivElement | null };
  readonly fresh: number;
  readonly atEnd: boolean;
  onScroll(): void;
  toEnd(): void;
}

function settle(node: HTMLElement, kept: Kept, shape: Shape): number {
  const before = kept.shape;
  if (!before || before.id !== shape.id) {
    const place = places.get(shape.id);
    node.scrollTop = place ?? node.scrollHeight;
    kept.atEnd = place === undefined;
    return 0;
  }
  if (shape.first !== before.first && before.messages > 0) {
    node.scrollTop += node.scrollHeight - kept.height;
    return 0;
  }
  if (kept.atEnd || shape.own > before.own || before.messages === 0) {
    node.scrollTop = node.scrollHeight;
    kept.atEnd = true;
    return 0;
  }
  return shape.messages - before.messages;
}

/** Keeps the place that was scrolled to; whether it is the end. */
function note(node: HTMLElement, id: number): boolean {
  const left = node.scrollHeight - node.clientHeight - node.scrollTop;
  if (left < NEAR) {
    places.delete(id);
    return true;
  }
  places.set(id, node.scrollTop);
  return false;
}

export function useScroll(shape: Shape, onEarly: () => void): Scroll {
  const ref = useRef<HTMLDivElement>(null);
  const kept = useRef<Kept>({ shape: null, height: 0, atEnd: true });
  const [fresh, setFresh] = useState(0);
  const [atEnd, setAtEnd] = useState(true);

  useLayoutEffect(() => {
    const node = ref.current;
    if (!node) {
      return;
    }
    const added = settle(node, kept.current, shape);
    kept.current.shape = shape;
    kept.current.height = node.scrollHeight;
    if (added > 0) {
      setFresh((n) => n + added);
    }
    if (kept.current.atEnd) {
      setFresh(0);
    }
    setAtEnd(kept.current.atEnd);
  }, [shape.id, shape.first, shape.messages, shape.own, shape.typing]);

  const onScroll = () => {
    const node = ref.current;
    if (!node) {
      return;
    }
    kept.current.atEnd = note(node, shape.id);
    setAtEnd(kept.current.atEnd);
    if (kept.current.atEnd) {
      setFresh(0);
    }
    if (node.scrollTop < EARLY) {
      onEarly();
    }
  };

  return {
    ref,
    fresh,
    atEnd,
    onScroll,
    toEnd: () => {
      if (ref.current) {
        ref.current.scrollTop = ref.current.scrollHeight;
      }
    },
  };
}
