// Copyright (C) ngx_chat_module contributors
//
// The sites that have the chat, and who visits them: the demonstration shop
// with all visits followed, a site of another origin.

/** `more` stands beside what follows the visits. */
export const followed = (more = "") => `
%%GLOBALS%%

events { }

http {
    include /etc/nginx/mime.types;
    %%HTTP%%

    chat_track on;
    chat_widget on;
    ${more}

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { root %%STATIC%%/demo; }
        location /chat/ { chat; }
    }
}
`;

export const FOLLOWED = followed();

/** A site at the second port, whose chat is at the first one. */
export const elsewhere = (site) => `
%%GLOBALS%%

events { }

http {
    include /etc/nginx/mime.types;
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ {
            chat;
            chat_origins http://localhost:%%PORT2%%;
        }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;

        default_type text/html;
        ${site}
    }
}
`;

/** The name of a person's browser: Chromium's own says that it is headless. */
export const PERSON =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)" +
  " Chrome/126.0.0.0 Safari/537.36";
