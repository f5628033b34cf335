#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A site that is not public yet asks for a password of its own by HTTP Basic
# authentication.  The browser then sends an Authorization header with every
# request, and that one is not the chat's.

use lib 't/lib';
use Chat;

use MIME::Base64 qw(encode_base64);

my $t = Chat->new->config(<<'CONF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        auth_basic "not open yet";
        auth_basic_user_file %%DIR%%/passwords;

        location /chat/ { chat; }
    }
}
CONF

$t->write(passwords => "guest:{PLAIN}early\n");
$t->start;

my $basic = 'Basic ' . encode_base64('guest:early', '');
my $browser = $t->browser;

# it is nginx's own answer, and none of the API's

is($browser->post('visitor/session', {}, unjudged => 1)->code, 401,
   'not without the site\'s password');

my $opened = post('visitor/session');

is($opened->code, 200, 'opened');
ok($opened->headers->set_cookie, 'with a cookie');

is(post('visitor/messages',
        { client_id => 'abcdefgh', text => 'hello' })->code, 201,
   'the cookie counts');

my $resumed = post('visitor/session');

is($resumed->headers->set_cookie, undef, 'and is kept');
is($resumed->json->{events}[-1]{data}{text}, 'hello', 'resumed');

$t->done;


sub post ($path, $json = {}) {
    return $browser->post($path, $json,
                          headers => { Authorization => $basic });
}
