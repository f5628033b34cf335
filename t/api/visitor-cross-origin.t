#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A shop on another origin, if chat_origins names it, talks with a bearer
# token: no cookie is set and none is looked at.  Any other origin is refused.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_origins https://shop.example https://Shop.example:8443;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF

my $shop = 'https://shop.example';
my $session = 'visitor/session';

# what the browser asks first

my $asked = preflight($session, $shop);

is($asked->code, 204, 'preflight');
is($asked->headers->access_control_allow_origin, $shop, 'this origin may');
like($asked->headers->header('Access-Control-Allow-Methods'), qr/\bPOST\b/,
     'POST');
like($asked->headers->header('Access-Control-Allow-Headers'),
     qr/\bAuthorization\b.*\bContent-Type\b/, 'with a token and JSON');
is($asked->headers->header('Access-Control-Allow-Credentials'), undef,
   'without cookies');
like($asked->headers->vary // '', qr/\bOrigin\b/, 'no cache mixes origins up');

# then it comes

my $visitor = visitor($shop);
my $opened = $visitor->opened;

is($opened->code, 200, 'opened');
is($opened->headers->access_control_allow_origin, $shop, 'and may be read');
is($opened->headers->header('Access-Control-Allow-Credentials'), undef,
   'still without cookies');
is($opened->headers->set_cookie, undef, 'no cookie');
like($opened->headers->vary // '', qr/\bOrigin\b/, 'Vary');
like($visitor->{token}, qr/^[\w-]{20,}$/, 'a token instead');

my $said = $visitor->say('hello from the shop');

is($said->code, 201, 'the token is worth something');
is($said->headers->access_control_allow_origin, $shop, 'readable, too');

my $again = $visitor->open->opened;

ok(!exists $again->json->{token}, 'one who has a token gets no other');
is($again->json->{events}[-1]{data}{text}, 'hello from the shop', 'resumed');

is($visitor->poll(wait => 0)->headers->access_control_allow_origin, $shop,
   'a poll, too');

my $stream = $visitor->stream(headers => { Origin => $shop });

is($stream->headers->access_control_allow_origin, $shop, 'and a stream');
$stream->close;

# an error is one that the page can read

my $empty = $visitor->say('');

is($empty->code, 422, 'an error');
is($empty->headers->access_control_allow_origin, $shop, 'that can be read');

# a cookie of a visit to our own pages is not looked at from there

my $own = $t->visitor;
my $crossing = $own->post($session, {}, headers => { Origin => $shop });

ok($crossing->json->{token}, 'a cookie does not cross: another identity');
is($own->get('visitor/history', headers => { Origin => $shop })->code, 401,
   'nor is it good for anything else');

# a token works on our own pages as well

is($visitor->post('visitor/messages',
                  { client_id => 'on-our-own', text => 'here' })->code, 201,
   'a token on our own origin');

# exactly the listed ones

for my $origin ('https://shop.example:8443', 'HTTPS://SHOP.EXAMPLE') {
    is(open_from($origin)->code, 200, "$origin is listed");
}

for my $origin (
    'http://shop.example', 'https://shop.example.', 'https://shop.example:443',
    'https://www.shop.example', 'https://shop.example.evil.test',
    'https://shop.exampl', 'https://evil.test', 'https://shop.example/',
    'https://shop.example https://evil.test', 'null', '', 'file://',
) {
    my $refused = open_from($origin);

    is($refused->code, 403, "\"$origin\" is not listed");
    is($refused->json->{type}, 'urn:ngx-chat:origin', 'and is told why');
    is($refused->headers->access_control_allow_origin, undef,
       'but may not read it');
    is($refused->headers->set_cookie, undef, 'no identity');
    like($refused->headers->vary // '', qr/\bOrigin\b/, 'Vary');
}

# a token in the hands of another page

is($visitor->get('visitor/history',
                 headers => { Origin => 'https://evil.test' })->code,
   403, 'a token does not help a foreign page');

# preflight for what is not there

my $foreign = preflight($session, 'https://evil.test');

is($foreign->headers->access_control_allow_origin, undef,
   'no leave for a foreign page');
isnt($foreign->code, 204, 'a foreign preflight fails');

for my $path (qw(operator/session operator/setup admin/operators
                 operator/conversations/1/messages))
{
    my $res = preflight($path, $shop);

    is($res->code, 405, "$path: operators do not cross origins");
    is($res->headers->access_control_allow_origin, undef, 'no leave');
}

is(preflight('visitor/nothing', $shop)->code, 404, 'no such address');

$t->done;


sub visitor ($origin) {
    my $agent = Chat::Visitor->new(chat => $t);

    $agent->ua->on(start => sub ($ua, $tx) {
        $tx->req->headers->origin($origin)
            if ($tx->req->headers->origin // $t->origin) eq $t->origin
                && $tx->req->body !~ /on-our-own/;
    });

    return $agent->open;
}


sub open_from ($origin) {
    return $t->browser->post($session, {}, headers => { Origin => $origin });
}


sub preflight ($path, $origin) {
    return $t->browser->request(OPTIONS => $path, headers => {
        Origin => $origin,
        'Access-Control-Request-Method' => 'POST',
        'Access-Control-Request-Headers' => 'authorization,content-type',
    });
}
