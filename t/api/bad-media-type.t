#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A body must say that it is JSON: a form of another site can't.

use lib 't/lib';
use Chat;

use OpenAPI ();

my $t = Chat->new->start;

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');

my $id = $visitor->conversation;
my $contract = OpenAPI->contract;

my @types = (
    undef, '', 'text/plain', 'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x', 'text/json', 'application/jsonp',
    'application/json-patch+json', 'application/problem+json', 'json',
    'application/', 'text/plain; application/json', 'xapplication/json',
    '*/*', 'application/*', "application/json\x{ff}",
);

for my $path ($contract->paths) {
    my $item = $contract->{doc}{paths}{$path};

    for my $method (grep { $item->{$_}{requestBody} } sort keys %$item) {
        my $concrete = $path =~ s/\{id\}/$id/r =~ s{^/}{}r;
        my $who = $path =~ m{^/visitor/} ? $visitor : $admin;

        my @failed = grep {
            my $res = $who->request(uc $method, $concrete, body => '{}',
                                    headers => { 'Content-Type' => $_ });

            $res->code != 415
                || $res->json->{type} ne 'urn:ngx-chat:media-type';
        } @types;

        is_deeply(\@failed, [], "$method $path: JSON only");
    }
}

for my $type ('application/json', 'APPLICATION/JSON',
              'application/json; charset=utf-8', 'application/json;charset=x',
              'application/json ;charset=utf-8')
{
    is($visitor->request(POST => 'visitor/typing', body => '{"typing":true}',
                         headers => { 'Content-Type' => $type })->code, 204,
       "JSON: $type");
}

# where no body is read, none has a type

is($visitor->request(POST => 'visitor/close', body => 'nothing to read',
                     headers => { 'Content-Type' => 'text/plain' })->code, 200,
   'a body that nobody reads');
is($admin->request(POST => "operator/conversations/$id/take")->code, 409,
   'no body where it may be missing');

$t->done;
