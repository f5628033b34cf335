#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A block is made while a message of that visitor is on its way: whoever
# commits the message meets it, and it is refused like any later one, in the
# way of the block, and counted once.

use lib 't/lib';
use Chat;

use Disk;

my $t = Chat->new(workers => 1);
my $disk = Disk->new($t);

$t->config->start;

my $admin = $t->admin;
my $reader = $t->browser;

for my $mode (qw(refuse close)) {
    my $visitor = $t->visitor;

    $visitor->say('hello');

    my $number = $visitor->conversation;

    # until its commit is on the disk the block is nobody's, and a message that
    # comes waits for the next one

    $disk->slow(1);

    my ($made, $answer);

    $admin->post_p('operator/blocks', { conversation => $number, mode => $mode })
          ->then(sub ($res) { $made = $res });

    ok(wait_for(sub { $t->lock_holder }, 5), "$mode: it is being committed");
    is($made, undef, 'and not yet');

    $visitor->post_p('visitor/messages',
                     { client_id => $visitor->client_id, text => 'late' },
                     unjudged => 1)
            ->then(sub ($res) { $answer = $res }, sub ($error) { });

    ok(wait_for(sub { $made }, 10), 'it is made');
    $disk->slow(0);
    ok(wait_for(sub { $answer }, 10), 'the message comes to an end');

    is($answer->code, $mode eq 'close' ? undef : 403, 'as all that come later');
    like($reader->get('/chat/metrics')->body,
         qr/^ngx_chat_blocked_total\{mode="$mode"\} 1$/m,
         'counted once');

    my ($block) = grep { $_->{id} == $made->json->{block}{id} }
                  @{ $admin->get('operator/blocks')->json->{blocks} };

    is($block->{met}, 1, 'as what the block has met');
    is_deeply([ map { $_->{data}{text} } grep { $_->{type} eq 'message' }
                @{ $admin->conversation_events($number)->json->{events} } ],
              ['hello'], 'and it is nowhere');
}

$t->done;
