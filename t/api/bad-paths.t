#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Addresses that are not there, things that are not there, and methods that an
# address does not have: each is told so in a problem document.

use lib 't/lib';
use Chat;

use OpenAPI ();

my $t = Chat->new->start;

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');

my $id = $visitor->conversation;
my $contract = OpenAPI->contract;

# no such address

for my $path (
    '', 'visitor', 'visitor/', 'visitor/session/', 'visitor/sessions',
    'Visitor/session', 'visitor/session/x', 'operator/conversations/',
    'operator/conversations/x', "operator/conversations/$id/",
    "operator/conversations/$id/x", "operator/conversations/-$id",
    "operator/conversations/+$id", "operator/conversations/$id.0",
    "operator/conversations/0x$id", 'operator/conversations/0',
    'operator/conversations//messages', 'operator/conversations/:id',
    'operator/conversations/{id}', 'operator/conversations/1e0',
    'operator/conversations/99999999999999999999', 'admin', 'admin/operators/',
    'admin/operators/x', 'visitor/session%20', 'visitor/%E2%82%AC',
    'visitor;x=1/session',
) {
    for my $method (qw(GET POST)) {
        my $res = $admin->request($method, $path, json => {});

        is($res->code, 404, "$method $path");
        is($res->json->{type}, 'urn:ngx-chat:not-found', 'a problem document');
    }
}

for my $path ('/chat/api/', '/chat/api/v2/visitor/session', '/chat/api/v1',
              '/chat/api/v10/visitor/session')
{
    my $res = $visitor->post($path, {});

    is($res->code, 404, $path);
    is($res->headers->content_type, 'application/problem+json',
       'a problem document');
}

# an address may be written in another way

for my $path ('visitor/%73ession', 'visitor//session', 'visitor%2fsession',
              'x/../visitor/session', 'visitor/./session')
{
    is($visitor->post("/chat/api/v1/$path", {}, unjudged => 1)->code, 200,
       "the same: $path");
}

# no such thing

for my $path ($contract->paths) {
    next if $path !~ /\{id\}/;

    for my $method (sort keys %{ $contract->{doc}{paths}{$path} }) {
        for my $other (9999, '9223372036854775807') {
            my $concrete = $path =~ s/\{id\}/$other/r =~ s{^/}{}r;

            my $res = $admin->request(uc $method, $concrete,
                $method eq 'get' ? () : (json => {
                    client_id => 'abcdefgh', text => 'x', typing => \1,
                    up_to => 1, password => 'a long password', name => 'x',
                    conditions => [], mode => 'refuse',
                }));

            is($res->code, 404, "$method $concrete: no such thing");
            is($res->json->{type}, 'urn:ngx-chat:not-found', 'and says so');
        }
    }
}

# no such method

for my $path ($contract->paths) {
    my $item = $contract->{doc}{paths}{$path};
    my $concrete = $path =~ s/\{id\}/$id/r =~ s{^/}{}r;
    my $allow = join ', ', map { $_ eq 'GET' ? qw(GET HEAD) : $_ }
                           grep { $item->{lc $_} }
                           qw(GET POST PUT PATCH DELETE);
    my @failed;

    for my $method (qw(GET POST PUT PATCH DELETE OPTIONS PROPFIND COPY LOCK
                       BREW))
    {
        next if $item->{lc $method};

        my $res = $admin->request($method, $concrete, json => {});

        push @failed, "$method: " . $res->code
            if $res->code != 405 || ($res->headers->allow // '') ne $allow
               || $res->json->{type} ne 'urn:ngx-chat:method';
    }

    is_deeply(\@failed, [], "$path: only $allow");
}

is($visitor->request(TRACE => 'visitor/session', unjudged => 1)->code, 405,
   'TRACE is nginx\'s own matter');

# HEAD: an answer without a body, and the connection goes on

my $answer = $t->raw(join "\r\n",
    'HEAD /chat/api/v1/visitor/history HTTP/1.1', 'Host: a', '',
    'HEAD /chat/api/v1/nothing HTTP/1.1', 'Host: a', '',
    'GET /chat/api/v1/visitor/history HTTP/1.1', 'Host: a',
    'Connection: close', '', '');

is(join(' ', $answer =~ m{^HTTP/1\.1 (\d+)}mg), '401 404 401',
   'a head and no body');

# it is that of GET, and waits for nothing

my ($head, $get) = map { $visitor->request($_, 'visitor/history') }
                   qw(HEAD GET);

is($head->headers->content_length, length $get->body, 'the length of GET\'s');
is($head->body, '', 'without it');
is($visitor->request(HEAD => 'visitor/events', query => { after => 0 })->code,
   200, 'of a poll');

$t->done;
