// A button that is an icon: its label is its name and its tooltip.

import type { Ref } from "preact";
import { Icon, type IconNodes } from "../../shared/ui/icon.tsx";

interface Props {
  icon: IconNodes;
  label: string;
  onClick(): void;
  pressed?: boolean;
  expanded?: boolean;
  class?: string;
  size?: number;
  disabled?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
}

export function IconButton(props: Props) {
  const { icon, label, onClick, pressed, expanded, size = 18 } = props;
  return (
    <button
      type="button"
      ref={props.buttonRef ?? null}
      class={`icon-button ${props.class ?? ""}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      title={label}
      disabled={props.disabled}
      onClick={onClick}
    >
      <Icon nodes={icon} size={size} />
    </button>
  );
}
