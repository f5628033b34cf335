#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# nginx -t says what is wrong with a configuration, and where.

use lib 't/lib';
use Chat;

my $t = Chat->new;

my $slash = 'must be in a prefix location that ends with a slash';

my @mistakes = (
    ['a location by a pattern' => location('~ ^/chat/', 'chat;'), $slash],
    ['an exact location' => location('= /chat/', 'chat;'), $slash],
    ['a named location' => location('@chat', 'chat;'), $slash],
    ['no slash' => location('/chat', 'chat;'), $slash],
    ['inside "if"' => location('/chat/', 'if ($arg_x) { chat; }'),
     'directive is not allowed here'],
    ['a server' => server('chat;'), 'directive is not allowed here'],
    ['twice' => location('/chat/', 'chat; chat;'), 'is duplicate'],
    ['with an argument' => location('/chat/', 'chat on;'),
     'invalid number of arguments'],

    ['a zone too small' => http('chat_zone 1023k;'), 'must be at least 1m'],
    ['a zone of nothing' => http('chat_zone 0;'), 'must be at least 1m'],
    ['a zone of no size' => http('chat_zone big;'), 'invalid value'],
    ['two zones' => http('chat_zone 2m; chat_zone 3m;'), 'is duplicate'],
    ['a zone of a server' => server('chat_zone 2m;'),
     'directive is not allowed here'],

    ['two states' => http('chat_state /a; chat_state /b;'), 'is duplicate'],
    ['a state without parents' =>
     http('chat_state %%DIR%%/none/state;', 'state'),
     'mkdir() "%%DIR%%/none/state" failed'],
    ['a state that is a file' =>
     http('chat_state %%DIR%%/nginx.conf/state;', 'state'),
     'mkdir() "%%DIR%%/nginx.conf/state" failed'],
    ['a state of nowhere' => http('chat_state "";', 'state'), 'is empty'],
    ['a state of a location' => location('/chat/', 'chat; chat_state /a;'),
     'directive is not allowed here'],

    ['a queue too short' => http('chat_queue 15;'),
     'value must be between 16 and 65536'],
    ['a queue too long' => http('chat_queue 65537;'),
     'value must be between 16 and 65536'],
    ['a queue of no number' => http('chat_queue many;'), 'invalid number'],

    ['a secret too short' => server('chat_identity_secret 123456789012345;'),
     'needs secrets of 16 to 1024 bytes'],
    ['a secret of no file' => server('chat_identity_secret file:nothing;'),
     'nothing" failed'],
    ['a secret of an empty file' =>
     server('chat_identity_secret file:/dev/null;'),
     'needs secrets of 16 to 1024 bytes'],
    ['two lines of secrets' =>
     server('chat_identity_secret 1234567890123456;' x 2), 'is duplicate'],

    ['no such durability' => http('chat_durability some;'),
     'invalid value "some"'],
    ['a session of no time' => http('chat_session_timeout 0;'),
     'must be at least a second'],
    ['a timeout of no time' => http('chat_session_timeout soon;'),
     'invalid value'],
    ['another of no time' => server('chat_poll_timeout 5x;'), 'invalid value'],
    ['two timeouts' => server('chat_poll_timeout 5s; chat_poll_timeout 6s;'),
     'is duplicate'],

    (map {
        ["an origin such as \"$_\"" => server(qq(chat_origins "$_";)),
         "invalid origin \"$_\" in \"chat_origins\""]
    } '', '*', 'shop.example', 'ftp://shop.example', 'https://',
      'https://shop.example/', 'https://*.shop.example', 'null',
      'https://shop.example/path', 'https://user@shop.example',
      'https://shop.example ', 'https://shop.example:443?'),
    ['one wrong origin of two' =>
     server('chat_origins https://shop.example shop.example;'),
     'invalid origin "shop.example"'],
    ['no origin' => server('chat_origins;'), 'invalid number of arguments'],
    ['origins twice' =>
     server('chat_origins https://a.example; chat_origins https://b.example;'),
     'is duplicate'],

    ['two sites' => server('chat_site a; chat_site b;'), 'is duplicate'],
    ['two folders' => server('chat_assets /a; chat_assets /b;'),
     'is duplicate'],
    ['two names of a folder' => server('chat_assets /a /b;'),
     'invalid number of arguments'],
    ['a widget of no kind' => server('chat_widget maybe;'),
     'invalid value "maybe" in "chat_widget" directive'],
    ['two widgets' => server('chat_widget on; chat_widget off;'),
     'is duplicate'],
    ['a widget and no chat' =>
     location('/', 'chat_widget on;'), 'add "location /chat/ { chat; }"'],
    ['a widget that may be, and no chat' =>
     location('/', 'chat_widget $arg_a;'), 'add "location /chat/ { chat; }"'],
    ['a widget in "if", and no chat' =>
     location('/', 'if ($arg_a) { chat_widget on; }'),
     'add "location /chat/ { chat; }"'],
    ['widgets and no chat at all' =>
     location('/', '') =~ s/server/chat_widget on; server/r,
     'add "location /chat/ { chat; }"'],
    (map {
        ["a prefix such as \"$_\"" => server(qq(chat_prefix "$_";)),
         'must be such as "/chat/"']
    } '', '/chat', 'chat/', 'ftp://a.example/chat/'),
    ['no such offline' => server('chat_offline gone;'),
     'invalid value "gone"'],
    ['no such directive' => server('chat_sites a;'), 'unknown directive'],
);

for my $mistake (@mistakes) {
    my ($what, $text, $message) = @$mistake;

    my $dir = $t->dir;
    $message =~ s/%%DIR%%/$dir/;

    my ($status, $said) = $t->config($text)->check;

    isnt($status, 0, "$what: refused");
    like($said, qr/\[emerg\].*\Q$message\E/, 'and told why')
        or diag($said);

    # the place, where a directive is at fault

    like($said, qr/nginx\.conf:\d+/, 'and where')
        if $message !~ /^mkdir/;
}

# what is no mistake

for my $fine (
    ['the shortest' => location('/', 'chat;')],
    ['inside another location' => location('/', 'location /chat/ { chat; }')],
    ['before patterns' => location('^~ /chat/', 'chat;')],
    ['the smallest zone' => http('chat_zone 1m;')],
    ['a widget of "http", for servers with a chat' =>
     http('chat_widget on;'
          . ' server { listen 127.0.0.1:%%PORT%%; server_name a; }')],
    ['a widget of a chat elsewhere' =>
     location('/', 'chat_widget on; chat_prefix https://a.example/chat/;')],
    ['a widget that is off, and no chat' =>
     location('/', 'chat_widget off;')],
    ['all directives' => http(<<'CHAT', 'state')],
        chat_state %%DIR%%/state/;
        chat_zone 64m;
        chat_durability normal;
        chat_queue 16;
        chat_session_timeout 12h;
        chat_origins https://shop.example http://localhost:3000;
        chat_poll_timeout 10s;
        chat_site shop;
        chat_assets %%STATIC%%;
        chat_widget $arg_widget;
        chat_offline hide;
        chat_nonce $request_id;
        chat_prefix /chat/;
CHAT
) {
    my ($what, $text) = @$fine;
    my ($status, $said) = $t->config($text)->check;

    is($status, 0, "fine: $what") or diag($said);
    unlike($said, qr/\[(?:warn|crit|alert)\]/, 'without a warning');
}

# what is said on purpose is no alert of the test

$t->allow(qr/\[emerg\]/);
$t->done;


# Configurations with a mistake in the place that it is about.

sub http ($directives, $without = '') {
    my $text = <<'CONF';
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    #

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF

    if ($without) {
        my $http = $t->_http =~ s/\s*chat_state[^;]*;//r;
        $text =~ s/%%HTTP%%/$http/;
    }

    return $text =~ s/#/$directives/r;
}


sub server ($directives) {
    return http('') =~ s/(listen [^;]*;)/$1\n        $directives/r;
}


sub location ($name, $directives) {
    my $location = "location $name { $directives }";

    return http('') =~ s/location \/chat\/ \{ chat; \}/$location/r;
}
