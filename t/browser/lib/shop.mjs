// Copyright (C) ngx_chat_module contributors
//
// The sites that have the chat, and who visits them: the demonstration shop
// with all visits followed, a site of another origin.

/** nginx with servers, the first at the first port, with lines above them. */
export const sites = (above, ...servers) => `
%%GLOBALS%%

events { }

http {
    include /etc/nginx/mime.types;
    %%HTTP%%
    ${above}
${servers
  .map(
    (lines, n) => `
    server {
        listen 127.0.0.1:%%PORT${n > 0 ? n + 1 : ""}%%;
        ${lines}
    }
`,
  )
  .join("")}}
`;

/** `more` stands beside what follows the visits. */
export const followed = (more = "") =>
  sites(
    `
    chat_track on;
    chat_widget on;
    ${more}`,
    `
        location / { root %%STATIC%%/demo; }
        location /chat/ { chat; }`,
  );

export const FOLLOWED = followed();

/** A site at the second port, whose chat is at the first one. */
export const elsewhere = (site) =>
  sites(
    "",
    `
        location /chat/ {
            chat;
            chat_origins http://localhost:%%PORT2%%;
        }`,
    `
        default_type text/html;
        ${site}`,
  );

/** The name of a person's browser: Chromium's own says that it is headless. */
export const PERSON =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)" +
  " Chrome/126.0.0.0 Safari/537.36";
