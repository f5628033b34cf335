import { render } from "preact";
export function mount(root: ShadowRoot) {
  render(<p>chat</p>, root);
}
