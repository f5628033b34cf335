#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A body has an end at 64 KiB: beyond it the answer is 413, announced or not.

use lib 't/lib';
use Chat;

use Raw qw(cookie_of exchange request);

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; chat_origins https://shop.example; }
    }
}
CONF

my $visitor = $t->visitor;
my $admin = $t->admin;
my $cookie = cookie_of($visitor);

for my $case (
    [65536, 201, 'exactly 64 KiB'],
    [65537, 413, 'one byte more'],
    [200_000, 413, 'far more'],
) {
    my ($length, $code, $what) = @$case;
    my $body = padded($length);

    for my $way (
        ['with a length', request($t, POST => 'visitor/messages', $body,
                                  $cookie)],
        ['in chunks', request($t, POST => 'visitor/messages',
             sprintf("%x\r\n%s\r\n0\r\n\r\n", length $body, $body), $cookie,
             'Transfer-Encoding: chunked')],
    ) {
        my ($how, $bytes) = @$way;
        my $socket = $t->socket;
        my ($answer) = exchange($socket, $bytes);

        is($answer->{code}, $code eq '201' && $how eq 'in chunks' ? 200 : $code,
           "$what, $how");
        is($answer->{json}{type}, 'urn:ngx-chat:too-large', 'and says so')
            if $code == 413;

        # the connection is still good for the next request, if there is an
        # end of this one to be seen

        next if $code == 413 && $how eq 'in chunks';

        is((exchange($socket, request($t, GET => 'visitor/history', undef,
                                      $cookie)))[0]{code}, 200,
           'the next request on the connection');
    }
}

# announced, but not sent

my $expects = $t->socket;
my @answers = exchange($expects, request($t, POST => 'visitor/messages', '',
    $cookie, 'Content-Length: 100000', 'Expect: 100-continue'));

is($answers[-1]{code}, 413, 'refused before it is sent');
close $expects;

# chunks without an end: the answer comes when it is too much, and the client
# need not have sent anything more

my $endless = $t->socket;
my $chunk = "1000\r\n" . 'x' x 4096 . "\r\n";

my ($early) = exchange($endless, request($t, POST => 'visitor/messages', '',
    $cookie, 'Transfer-Encoding: chunked') . $chunk x 17);

is($early->{code}, 413, 'too much, and no end');
like($early->{head}, qr/^Connection: close/mi, 'the rest is not wanted');

# what a page of another site is told

for my $way (["Content-Length: 70000", ''],
             ['Transfer-Encoding: chunked', $chunk x 17])
{
    my ($line, $body) = @$way;
    my ($told) = exchange($t->socket,
        request($t, POST => 'visitor/messages', '', $line,
                'Content-Type: application/json')
        =~ s{^Origin: .*?\r\n}{Origin: https://shop.example\r\n}mr . $body);

    is($told->{code}, 413, "cross-origin, $line");
    like($told->{head},
         qr{^Access-Control-Allow-Origin: https://shop\.example\r}m,
         'its page may see that');
}

# beyond what nginx itself lets in

is($visitor->request(POST => 'visitor/messages', body => 'x' x 1_100_000,
                     unjudged => 1)->code, 413, 'over client_max_body_size');

# on every kind of route

for my $case (['visitor/session', $visitor], ['visitor/close', $visitor],
              ['operator/session', $t->browser],
              ['operator/conversations/1/close', $admin])
{
    my ($path, $who) = @$case;

    is($who->request(POST => $path, body => ' ' x 70_000, headers => {
           'Content-Type' => 'application/json',
       })->code, 413, $path);
}

is($visitor->request(GET => 'visitor/history', body => ' ' x 70_000)->code,
   413, 'a body where none belongs');

$t->done;


# A message with white space behind it.

sub padded ($length) {
    my $json = '{"client_id":"the-same-one","text":"hello"}';

    return $json . ' ' x ($length - length $json);
}
