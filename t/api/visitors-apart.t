#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A visitor never sees anything of another one: not on any route that visitors
# have, not in a poll, not in a stream, not by any cursor.

use lib 't/lib';
use Chat;

use OpenAPI ();

my $t = Chat->new(workers => 2)->start;

my $alice = $t->visitor;
my $bob = $t->visitor;
my $agent = $t->operator;

my $stream = $bob->stream;
my $waiting = $bob->poll_p(wait => 20);

# all that there is to know about Alice

$alice->say('alice-secret one',
            page => { url => 'https://alice-secret.test/' });
$alice->typing('alice-secret draft');
my $hers = $alice->conversation;

$agent->take($hers);
my $reply = $agent->say($hers, 'alice-secret reply')->json->{event}{id};
$agent->typing($hers);
$alice->read($reply);
$agent->read($hers, $reply);

# Bob says something: what he then hears is behind all of it

my $own = $bob->say('hello');
my $his = $bob->conversation;
my $marker = $agent->say($his, 'marker')->json->{event};

my @heard;

push @heard, $bob->all($waiting);
push @heard, $bob->get('visitor/events', query => { after => $_, wait => 0 })
    for 0, 1, $reply - 1, $reply, $marker->{id} - 1;

$stream->wait(sub { grep { ($_->{id} // 0) == $marker->{id} } @_ });

my $replay = $bob->stream(last_id => 0);
$replay->wait(sub { grep { ($_->{id} // 0) == $marker->{id} } @_ });

push @heard, $bob->history, $bob->history(limit => 100, before => $_)
    for $reply, $reply + 1, $marker->{id};

push @heard, $bob->open->opened;

# ids of hers where a visitor can say an id

push @heard, $bob->read($reply), $bob->read($marker->{id});
push @heard, $bob->post('visitor/messages', {
    client_id => $bob->client_id, text => 'x', conversation => $hers,
    visitor => 1,
});
push @heard, $bob->post('visitor/typing',
                        { typing => \1, conversation => $hers });
push @heard, $bob->post('visitor/session', { conversation => $hers });

for my $path (qw(visitor/history visitor/events?after=0&wait=0)) {
    push @heard, $bob->get($path . ($path =~ /\?/ ? '&' : '?')
                           . "conversation=$hers&visitor=1");
}

push @heard, $bob->post('visitor/close', { conversation => $hers });

for my $res (@heard, $own) {
    unlike($res->body, qr/alice-secret/, 'nothing that Alice said');
    unlike($res->body, qr/"conversation":$hers\b/, 'nor where');
}

for ($stream, $replay) {
    unlike($_->text, qr/alice-secret/, 'a stream: nothing that Alice said');
    is(scalar(grep { ($_->{conversation} // $his) != $his } $_->events), 0,
       'nor that she did');
}

# her conversation is as it was

my $after = $agent->conversation($hers)->json->{conversation};

is($after->{state}, 'active', 'hers goes on');
is($after->{last_event}, $reply, 'and nothing was said in it');

# a visitor is no operator, whatever cookie he shows

my ($token) = map { $_->value } grep { $_->name eq 'chat_visitor' }
              @{ $bob->ua->cookie_jar->all };

my $contract = OpenAPI->contract;

for my $path (grep { !m{^/visitor/} } $contract->paths) {
    my $concrete = $path =~ s/\{id\}/$hers/r =~ s{^/}{}r;

    for my $method (sort keys %{ $contract->{doc}{paths}{$path} }) {
        next if $path =~ m{^/operator/(?:setup|session)$} && $method eq 'post';

        for my $headers ({}, { Authorization => "Bearer $token" },
                         { Cookie => "chat_operator=$token" })
        {
            my $res = $bob->request(uc $method, $concrete, headers => $headers,
                                    $method eq 'get' ? () : (json => {}));

            is($res->code, 401, "$method $path: not for visitors");
        }
    }
}

$t->done;
