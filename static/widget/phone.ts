// On a phone the panel is the whole screen: the page behind it is inert, Back
// closes it, and it keeps above the keyboard.

const PHONE = "(max-width: 480px)";

export class Phone {
  readonly #panel: HTMLElement;
  readonly #close: () => void;
  readonly #query = matchMedia(PHONE);
  #shown = false;
  #covers = false;
  #entry = false;

  constructor(panel: HTMLElement, close: () => void) {
    this.#panel = panel;
    this.#close = close;
    this.#query.addEventListener("change", () => this.#update());
    addEventListener("popstate", () => this.#onBack());
    visualViewport?.addEventListener("resize", () => this.#fit());
    visualViewport?.addEventListener("scroll", () => this.#fit());
  }

  set shown(shown: boolean) {
    this.#shown = shown;
    this.#update();
  }

  #update(): void {
    const covers = this.#shown && this.#query.matches;

    if (covers === this.#covers) {
      return;
    }

    this.#covers = covers;
    document.body.inert = covers;
    this.#panel.setAttribute("aria-modal", String(covers));
    this.#fit();

    if (covers) {
      this.#enter();
    } else {
      this.#leave();
    }
  }

  /** An entry of the history for Back to take. */
  #enter(): void {
    history.pushState({ ...history.state, ngxChat: true }, "");
    this.#entry = true;
  }

  #leave(): void {
    if (this.#entry && history.state?.ngxChat) {
      history.back();
    }

    this.#entry = false;
  }

  #onBack(): void {
    if (this.#entry && !history.state?.ngxChat) {
      this.#entry = false;
      this.#close();
    }
  }

  /** The keyboard covers the page, but leaves the visual viewport. */
  #fit(): void {
    const view = visualViewport;
    const { style } = this.#panel;

    if (!this.#covers || !view || view.scale > 1.05) {
      style.removeProperty("--view-height");
      style.removeProperty("--view-top");
      return;
    }

    style.setProperty("--view-height", `${view.height}px`);
    style.setProperty("--view-top", `${view.offsetTop}px`);
  }
}
