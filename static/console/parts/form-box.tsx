// A form's frame: what went wrong with all of it, and that it is sent by us.

import type { ComponentChildren } from "preact";

interface Props {
  error: string | null;
  onSubmit(): void;
  children: ComponentChildren;
}

export function FormBox({ error, onSubmit, children }: Props) {
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {error && (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
      {children}
    </form>
  );
}
