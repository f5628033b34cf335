import messages from "icon:message-circle-more";
import { Icon } from "../../shared/ui/icon.tsx";

export function Brand() {
  return (
    <span class="brand" aria-hidden="true">
      <Icon nodes={messages} size={20} />
    </span>
  );
}
