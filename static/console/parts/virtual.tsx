// A list of rows of one height, of which only those in view exist. The row
// with the focus stays, wherever it is: the keyboard must not fall out.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const SPARE = 6;

interface Props {
  count: number;
  height: number;
  /** stays although it is out of view; -1 for none */
  pinned: number;
  label: string;
  keyAt(index: number): number;
  children(index: number): ComponentChildren;
  /** called near the end of the list */
  onEnd?(): void;
  /** the list brings this row into view when `turn` changes */
  reveal?: { index: number; turn: number };
  footer?: ComponentChildren;
}

interface View {
  readonly top: number;
  readonly height: number;
}

function windowOf(view: View, props: Props): number[] {
  const { count, height, pinned } = props;
  const first = Math.max(0, Math.floor(view.top / height) - SPARE);
  const last = Math.min(
    count - 1,
    Math.ceil((view.top + view.height) / height) + SPARE,
  );
  const rows: number[] = [];
  for (let i = first; i <= last; i++) {
    rows.push(i);
  }
  if (pinned >= 0 && pinned < count && (pinned < first || pinned > last)) {
    rows.push(pinned);
  }
  return rows;
}

function useReveal(
  box: { current: HTMLDivElement | null },
  height: number,
  reveal: Props["reveal"],
): void {
  const turn = reveal?.turn;
  useLayoutEffect(() => {
    const node = box.current;
    if (!node || !reveal || reveal.index < 0) {
      return;
    }
    const top = reveal.index * height;
    if (top < node.scrollTop) {
      node.scrollTop = top;
    } else if (top + height > node.scrollTop + node.clientHeight) {
      node.scrollTop = top + height - node.clientHeight;
    }
  }, [turn]);
}

export function VirtualList(props: Props) {
  const { count, height, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ top: 0, height: 900 });

  const look = () => {
    const node = box.current;
    if (!node) {
      return;
    }
    setView({ top: node.scrollTop, height: node.clientHeight });
    const end = node.scrollTop + node.clientHeight + 4 * height;
    if (onEnd && end >= count * height) {
      onEnd();
    }
  };

  useEffect(() => {
    const node = box.current;
    if (!node) {
      return;
    }
    const observer = new ResizeObserver(look);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  useReveal(box, height, props.reveal);

  return (
    <div class="virtual" ref={box} onScroll={look}>
      <ul aria-label={props.label} style={{ height: `${count * height}px` }}>
        {windowOf(view, props).map((index) => (
          <li
            key={props.keyAt(index)}
            aria-setsize={count}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${index * height}px)` }}
          >
            {props.children(index)}
          </li>
        ))}
      </ul>
      {props.footer}
    </div>
  );
}
