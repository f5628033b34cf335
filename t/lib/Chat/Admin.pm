package Chat::Admin;

# Copyright (C) ngx_chat_module contributors

use v5.36;

use parent 'Chat::Operator';

use Chat::Operator ();
use Chat::Wait qw(wait_for);


# The one-time code stands in the state directory until it was used.

sub setup_code ($self) {
    my $file = $self->chat->state_dir . '/setup-code';

    wait_for(sub { -s $file }, 10, 'a setup code') or die "no $file\n";

    CORE::open(my $fh, '<', $file) or die "$file: $!\n";
    my $code = <$fh>;
    chomp $code;

    return $code;
}


sub set_up ($self) {
    my $res = $self->post('operator/setup', {
        code => $self->setup_code,
        map { $_ => $self->{$_} } qw(login name password),
    });

    die 'the first account was refused: ', $res->code // 'no answer', ' ',
        $res->body, "\n" if ($res->code // 0) != 201;

    return $self;
}


# Creates an account, returns its id.

sub create ($self, %account) {
    my $res = $self->post('admin/operators', {
        map { $_ => $account{$_} } qw(login name role password),
    });

    die 'the account was refused: ', $res->code // 'no answer', ' ',
        $res->body, "\n" if ($res->code // 0) != 201;

    return $res->json->{operator}{id};
}


# A rule of invitations that each visit fits.

sub rule ($self, %more) {
    return $self->post('admin/triggers', {
        name => 'Basket', text => 'May I help?', conditions => [], %more,
    })->json->{trigger};
}


1;
